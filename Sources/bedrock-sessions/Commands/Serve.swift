import ArgumentParser
import CoreMetrics
import Observability
import Settings

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
            GET /metrics
              What it has counted, as Prometheus reads it.
            GET /openapi.json
              This API, for machines.

            The header X-User-Id names the user on whose behalf /v1 is called; without it the caller is nobody, who sees and changes sessions without an \
            owner only. Whoever reaches the address can name any user, so it listens on this machine only unless told otherwise. With \
            BEDROCK_SESSIONS_TOKEN set, requests have to show that token (Authorization: Bearer), all but /healthz and /readyz; on an address that other \
            machines reach it has to be set. Requests of web pages are refused. Bodies for /v1 are application/json, errors are \
            application/problem+json. SIGTERM and SIGINT let requests finish first.

            Examples:
              bedrock-sessions serve
              bedrock-sessions serve --listen 127.0.0.1:9000 --store sqlite:my.db
              BEDROCK_SESSIONS_TOKEN=... bedrock-sessions serve --listen 0.0.0.0:8443 --tls-cert server.pem --tls-key server.key
              curl http://127.0.0.1:8080/v1/sessions/s-1/wallet -H 'X-User-Id: alice'
            """)

    @Option(help: ArgumentHelp("The address to listen on; port 0 takes a free one.", valueName: "host:port"))
    var listen = "127.0.0.1:8080"
    @Option(help: ArgumentHelp("A PEM file of the certificate to show, with those that vouch for it behind it.", valueName: "file"))
    var tlsCert: String?
    @Option(help: ArgumentHelp("A PEM file of that certificate's key.", valueName: "file"))
    var tlsKey: String?
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (self.tlsCert == nil) == (self.tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key belong together: name both files")
        }
    }

    func run() async throws {
        let address = try ListenAddress(self.listen)
        let configuration = try self.store.adapterConfiguration
        let token = try Self.token(for: address)
        var tls: ServerTLS?
        if let certificate = self.tlsCert, let key = self.tlsKey { tls = try ServerTLS(certificateFile: certificate, keyFile: key) }
        if !address.isLoopback, tls == nil {
            Console.complain("warning: \(address) can be reached from other machines, and what passes is not encrypted: see --tls-cert")
        }
        // Before any store: a metric belongs to the system that was there when it was made.
        let registry = MetricsRegistry()
        MetricsSystem.bootstrap(registry)
        let settings = try self.store.settings()
        let stores = try await self.store.open(settings, isServer: true, loops: settings.loops)
        do {
            try await LocalServer(
                stores: stores, configuration: configuration, address: address, registry: registry, token: token, tls: tls
            ).run()
        } catch {
            await stores.close()
            throw error
        }
        await stores.close()
    }

    /// The token that requests have to show. An environment variable only: arguments are for everybody on the machine to read.
    private static func token(for address: ListenAddress) throws(CommandFailure) -> String? {
        let name = SettingKey.token.rawValue
        guard let token = Variables.value(name) else {
            if address.isLoopback { return nil }
            throw .usage(
                "\(address) can be reached from other machines, where anybody could name any user: set \(name) to a long random text")
        }
        guard token.utf8.count >= 16, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .usage("\(name) is 16 or more printable ASCII characters without spaces: `openssl rand -hex 32` prints some")
        }
        return token
    }
}
