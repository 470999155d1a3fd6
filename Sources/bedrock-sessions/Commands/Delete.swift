import ArgumentParser
import JSON
import SessionStore

/// `delete ID`
struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove a session.",
        discussion: """
            What is remembered of its user stays; `wallet forget` removes that. Exit code 0 also when there was no such session.

            Examples:
              bedrock-sessions delete s-1 --user alice
            """)

    @OptionGroup var session: SessionArgument
    @OptionGroup var caller: CallerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (id, caller) = (try self.session.sessionID, try self.caller.caller)
        let asJSON = self.output.json
        try await self.store.withStore { stores in
            let result = try await stores.store.delete(.session(id), as: caller)
            WriteNotice.warn(about: result)
            if asJSON {
                Console.print(JSONValue.object([.init("id", .string(id.rawValue)), .init("deleted", .bool(result.changed))]).encoded)
            } else {
                Console.print(result.changed ? "deleted" : "there was no such session")
            }
        }
    }
}
