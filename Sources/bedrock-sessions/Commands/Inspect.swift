import ArgumentParser
import JSON
import Operations
import SessionStore
import Wiring

/// `inspect ID`
struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a session as table and cache have it, side by side, and where they differ.",
        discussion: """
            The cache is looked at as it is, past every rule of reading: old entries, announcements of writers, what cannot be opened. Values are not shown; \
            `get` does that. Differing fields are named.

            Exit code 1 when neither tier has a session, or they differ.

            Examples:
              bedrock-sessions inspect s-1 --store dynamodb --redis redis://127.0.0.1:6379
              bedrock-sessions inspect s-1 --json
            """)

    @OptionGroup var session: SessionArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let id = try self.session.sessionID
        let asJSON = self.output.json
        try await self.store.withStore { stores in
            let view = try await stores.services.tiers.look(.session(id))
            if asJSON { Console.print(view.json.encoded) } else { Console.print(view.page(at: stores.services.clock.now)) }
            if case .differ(let how) = view.agreement { throw CommandFailure.failed(how) }
            guard view.table.session != nil else { throw CommandFailure.failed("there is no such session") }
        }
    }
}
