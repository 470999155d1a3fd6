import ArgumentParser
import JSON
import SessionStore

/// `wallet get ID`
struct WalletGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the wallet that is remembered.",
        discussion: """
            The user's memory first when --user is given, the session otherwise. Exit code 1 when none is known, and when the session holds another \
            wallet than the memory: then both are named, and `wallet set` decides.

            Examples:
              bedrock-sessions wallet get s-1 --user alice
              bedrock-sessions wallet get s-1 --json
            """)

    @OptionGroup var session: SessionArgument
    @OptionGroup var caller: CallerOptions
    @OptionGroup var tier: TierOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (id, caller) = (try self.session.sessionID, try self.caller.caller)
        let (asJSON, tier) = (self.output.json, self.tier.tier)
        try await self.store.withStore { stores in
            switch try await WalletMemory(stores.looking(at: tier)).recall(session: id, as: caller) {
            case .wallet(let recalled):
                if asJSON { Console.print(recalled.json.encoded) } else { Console.print(recalled.wallet.text) }
                if recalled.staleness != nil {
                    Console.complain("warning: the table does not answer; this is an older copy, do not act on it")
                }
            case .none:
                throw CommandFailure.failed(
                    tier == .cache ? "the cache knows no wallet for this session" : "no wallet is known: store one with `wallet set`")
            case .conflict(let session, let memory):
                if asJSON {
                    Console.print(JSONValue.object([.init("session", session.json), .init("memory", memory.json)]).encoded)
                } else {
                    Console.print("session: \(session.wallet.text)\nmemory:  \(memory.wallet.text)")
                }
                throw CommandFailure.failed(
                    "the session holds another wallet than the user's memory: set the one that is meant with `wallet set`")
            }
        }
    }
}
