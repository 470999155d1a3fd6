import ArgumentParser
import Dynamo
import JSON
import Operations
import SessionStore
import Wiring

/// `sessions --user U`
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the sessions of a user.",
        discussion: """
            The index on user_id names them (the right dynamodb:Query on it; it knows of a write a moment later than the table), and each is read from the table. \
            Without an index, or with --scan, the whole table is walked (dynamodb:Scan), which costs its capacity.

            Exit code 0 also when there is none.

            Examples:
              bedrock-sessions sessions --user alice --store dynamodb --table NFTBedrockSessions-prod
              bedrock-sessions sessions --user alice --scan --json
            """)

    @OptionGroup var user: UserOption
    @Flag(help: "Walk the table instead of asking its index.")
    var scan = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (user, scans, asJSON) = (try self.user.userID, self.scan, self.output.json)
        try await self.store.withStore(isInterruptible: true) { stores in
            guard let dynamo = stores.services.dynamo else { throw CommandFailure.usage(UserItems.needsTable) }
            let found = try await UserItems(stores.services, dynamo).find(user, scans: scans)
            let live = found.items.compactMap { item -> Session? in
                if case .live(let session) = item.state, item.key?.memoryOwner == nil { session } else { nil }
            }.sorted { $0.key.rawValue < $1.key.rawValue }
            if asJSON {
                Console.print(JSONValue.array(live.map(\.json)).encoded)
            } else {
                Console.print(Self.page(live))
            }
        }
    }

    private static func page(_ sessions: [Session]) -> String {
        let rows =
            [("session", "expires", "fields")]
            + sessions.map { ($0.key.rawValue, $0.expiration?.iso8601 ?? "never", $0.data.keys.sorted().joined(separator: ", ")) }
        let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
        let lines = rows.map { id, end, fields in
            id + String(repeating: " ", count: widths.0 - id.count) + "  " + end + String(repeating: " ", count: widths.1 - end.count)
                + "  " + fields
        }
        return sessions.isEmpty ? "no live session of this user" : lines.joined(separator: "\n")
    }
}

/// Finds a user's items, by the index where there is one.
struct UserItems {
    private let services: SessionServices
    private let dynamo: DynamoStore

    /// What a command says of a store that cannot be asked.
    static let needsTable = "this needs a table of DynamoDB: --store dynamodb --table NAME"

    init(_ services: SessionServices, _ dynamo: DynamoStore) {
        self.services = services
        self.dynamo = dynamo
    }

    /// The items, and whether the index named them.
    func find(_ user: UserID, scans: Bool) async throws -> (items: [TableItem], nameless: Int, byIndex: Bool) {
        if !scans {
            do throws(SessionStoreError) {
                let found = try await self.dynamo.items(of: user, byIndex: true)
                return (found.items, found.nameless, true)
            } catch {
                // A missing index is a missing resource to some servers; a table that is missing says so again in a moment.
                guard [.misconfigured, .accessDenied, .tableMissing].contains(error.code) else { throw error }
                Console.complain("the table has no index on user_id that may be asked: walking the whole table")
            }
        }
        let progress = Progress("table", total: await self.services.itemCount)
        let found = try await self.dynamo.items(of: user, byIndex: false) { progress.advance(by: $0) }
        progress.finish()
        return (found.items, found.nameless, false)
    }
}
