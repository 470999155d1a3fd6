import ArgumentParser

/// `wallet get|set|forget ID`
struct Wallet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What is remembered of a wallet: get, set, forget.",
        discussion: """
            With --user the wallet is remembered for that user beyond the session; without it in the session only.

            Examples:
              bedrock-sessions wallet set s-1 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --user alice
              bedrock-sessions wallet get s-2 --user alice
            """,
        subcommands: [WalletGet.self, WalletSet.self, WalletForget.self])
}
