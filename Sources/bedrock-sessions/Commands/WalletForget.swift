import ArgumentParser
import JSON
import SessionStore

/// `wallet forget ID`
struct WalletForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget the wallet, also in the user's memory.",
        discussion: """
            Exit code 0 also when none was known.

            Examples:
              bedrock-sessions wallet forget s-1 --user alice
            """)

    @OptionGroup var session: SessionArgument
    @OptionGroup var caller: CallerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (id, caller) = (try self.session.sessionID, try self.caller.caller)
        let asJSON = self.output.json
        try await self.store.withStore { stores in
            let forgotten = try await WalletMemory(stores.store).forget(session: id, as: caller)
            if asJSON {
                Console.print(JSONValue.object([.init("id", .string(id.rawValue)), .init("forgotten", .bool(forgotten))]).encoded)
            } else {
                Console.print(forgotten ? "forgotten" : "no wallet was known")
            }
        }
    }
}
