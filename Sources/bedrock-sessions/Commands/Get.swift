import ArgumentParser
import JSON
import SessionStore

/// `get ID`
struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a session.",
        discussion: """
            Exit code 1 when there is no such session, or it has expired.

            Examples:
              bedrock-sessions get s-1 --user alice
              bedrock-sessions get s-1 --as-operator --json
              bedrock-sessions get s-1 --tier cache --store dynamodb --table sessions --redis redis://127.0.0.1:6379
            """)

    @OptionGroup var session: SessionArgument
    @OptionGroup var caller: CallerOptions
    @OptionGroup var tier: TierOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let read = SessionRead(.session(try self.session.sessionID), as: try self.caller.caller)
        let (asJSON, tier) = (self.output.json, self.tier.tier)
        try await self.store.withStore { stores in
            guard let session = try await stores.looking(at: tier).read(read) else {
                throw CommandFailure.failed(tier == .cache ? "the cache has no copy of such a session" : "there is no such session")
            }
            if asJSON { Console.print(session.json.encoded) } else { Console.print(session.text) }
        }
    }
}
