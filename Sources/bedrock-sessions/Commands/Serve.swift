import ArgumentParser

/// `serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the adapter and the sessions over HTTP, on this machine.",
        discussion: """
            POST /2015-03-31/functions/function/invocations
              An event of a Bedrock action group, at the address of Lambda's emulator.
            GET, PUT, PATCH, DELETE /v1/sessions/{id}
              A session: {"data": {...}}. PATCH sets fields, removes those that are null.
            GET, PUT, PATCH, DELETE /v1/sessions/{id}/wallet
              What is remembered of a wallet: {"wallet_address": "0x..."}.
            GET /healthz, /readyz
              The process runs; the table answers, and whether the cache does.

            The header X-User-Id names the user on whose behalf /v1 is called; without it the caller is nobody, who sees and changes sessions without an \
            owner only. There is no authentication: whoever reaches the address can name any user, so it listens on this machine only unless told \
            otherwise. Errors are application/problem+json. SIGTERM and SIGINT let requests finish first.

            Examples:
              bedrock-sessions serve
              bedrock-sessions serve --listen 127.0.0.1:9000 --store sqlite:my.db
              curl http://127.0.0.1:8080/v1/sessions/s-1/wallet -H 'X-User-Id: alice'
            """)

    @Option(help: ArgumentHelp("The address to listen on; port 0 takes a free one.", valueName: "host:port"))
    var listen = "127.0.0.1:8080"
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let address = try ListenAddress(self.listen)
        let configuration = try self.store.adapterConfiguration
        if !address.isLoopback {
            Console.complain("warning: \(address) can be reached from other machines, and whoever reaches it can name any user")
        }
        let stores = try await self.store.open(self.store.settings(), isServer: true)
        do {
            try await LocalServer(stores: stores, configuration: configuration, address: address).run()
        } catch {
            await stores.close()
            throw error
        }
        await stores.close()
    }
}
