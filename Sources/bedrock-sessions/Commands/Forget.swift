import ArgumentParser
import JSON
import Operations
import SessionStore
import Wiring

/// `forget --user U`
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove everything that is kept of a user, sessions and memory, from table and cache; prints a receipt.",
        discussion: """
            Needs the right dynamodb:DeleteItem (`policy --purge`), and fails before anything is changed without it. Each session is deleted as any writer deletes, \
            then its item is removed, then its key in the cache: readers and writers may go on meanwhile. Both tiers are searched again afterwards, and the \
            receipt says what remains and until when: backups, for one. Sessions are found by the index on user_id, or by walking the whole table.

            Exit code 1 when something of the user is left where this program can look, such as a session that was written again.

            Examples:
              bedrock-sessions forget --user alice --store dynamodb --table NFTBedrockSessions-prod --redis rediss://cache.example.com:6379
              bedrock-sessions forget --user alice --scan --json > receipt.json
            """)

    @OptionGroup var user: UserOption
    @Flag(help: "Walk the table instead of asking its index: finds what was written a moment ago, too.")
    var scan = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (user, scans, asJSON) = (try self.user.userID, self.scan, self.output.json)
        try await self.store.withStore(isInterruptible: true) { stores in
            guard let dynamo = stores.services.dynamo, let forgetting = Forgetting(user, in: stores.services) else {
                throw CommandFailure.usage(UserItems.needsTable)
            }
            try await forgetting.requirePurgeRight()
            let found = try await UserItems(stores.services, dynamo).find(user, scans: scans)
            let progress = Progress("forget", total: found.items.count)
            let receipt = try await forgetting.run((found.items, found.nameless), byIndex: found.byIndex) { progress.advance(by: $0) }
            progress.finish()
            if asJSON { Console.print(receipt.json(at: stores.services.clock.now).encoded) } else { Console.print(receipt.text) }
            guard receipt.isComplete else {
                throw CommandFailure.failed("something of the user is left: see the receipt, and run it again")
            }
        }
    }
}

extension ForgetReceipt {
    /// `at`, `complete`, `sessions_removed`, `memory_removed`, `cache_only_entries_removed`, `written_again`, and `remains` with `what` and `until` (or null).
    fileprivate func json(at now: Timestamp) -> JSONValue {
        let remains = self.remains.map { rest -> JSONValue in
            ["what": .string(rest.what), "until": rest.until.map { .string($0) } ?? .null]
        }
        return [
            "at": now.iso8601.map { .string($0) } ?? .null, "complete": .bool(self.isComplete),
            "sessions_removed": .number(String(self.sessions)), "memory_removed": .bool(self.memory),
            "cache_only_entries_removed": .number(String(self.strayEntries)), "written_again": .number(String(self.writtenAgain)),
            "remains": .array(remains),
        ]
    }

    fileprivate var text: String {
        let lines = [
            "removed:   \(self.sessions) sessions, \(self.memory ? "the user's memory" : "no memory, there was none")",
            "cache:     \(self.strayEntries) entries that the cache alone had",
        ]
        return (lines + self.remains.map { "remains:   \($0.what), \($0.until.map { "until \($0)" } ?? "until somebody removes it")" })
            .joined(separator: "\n")
    }
}
