import ArgumentParser
import JSON
import SessionStore

/// `wallet set ID ADDRESS`
struct WalletSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Check a wallet address and remember it.",
        discussion: """
            Prints the address in its normal form. An address in mixed case has to carry the right checksum (EIP-55).

            Examples:
              bedrock-sessions wallet set s-1 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --user alice
            """)

    @OptionGroup var session: SessionArgument
    @Argument(help: "The address: of an EVM chain (0x and 40 hexadecimal digits), Bitcoin, Solana or Tezos.")
    var address: String
    @OptionGroup var caller: CallerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (id, caller) = (try self.session.sessionID, try self.caller.caller)
        let asJSON = self.output.json
        let wallet = try WalletAddress(self.address)
        try await self.store.withStore { stores in
            let result = try await WalletMemory(stores.store).remember(wallet, session: id, as: caller)
            WriteNotice.warn(about: result)
            if asJSON {
                let members: [JSONValue.Member] = [
                    .init("id", .string(id.rawValue)), .init("wallet_address", .string(wallet.text)),
                    .init("chain", .string(wallet.chain.name)),
                ]
                Console.print(JSONValue.object(members).encoded)
            } else {
                Console.print(wallet.text)
            }
        }
    }
}
