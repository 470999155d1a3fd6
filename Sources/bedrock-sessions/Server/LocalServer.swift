import Adapter
import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import Observability
import ServiceLifecycle
import UnixSignals

/// The server of `serve`.
struct LocalServer {
    let stores: Stores
    let configuration: AdapterConfiguration
    let address: ListenAddress
    let registry: MetricsRegistry
    /// What requests have to show; nil: nothing.
    let token: String?
    /// Nil: plain HTTP.
    let tls: ServerTLS?

    /// How long requests may take to finish once the process was asked to end.
    private static let patience = Duration.seconds(10)
    /// How long a connection may be idle.
    private static let idleTime = TimeAmount.seconds(60)
    /// How many connections there may be; further ones wait in the kernel's queue.
    private static let connectionLimit = 4096

    /// Serves until SIGTERM or SIGINT. Throws a failure when the address cannot be listened on.
    func run() async throws {
        let logger = Logger(label: "bedrock-sessions.serve")
        let address = self.address
        let application = Application(
            router: self.router, server: try self.server,
            configuration: .init(
                address: .hostname(address.host, port: address.port), serverName: "bedrock-sessions",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionLimit)),
            onServerRunning: { channel in self.announce(port: channel.localAddress?.port) }, logger: logger)
        var group = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = Self.patience
        do {
            try await withTaskExecutorPreference(self.stores.executor) { try await ServiceGroup(configuration: group).run() }
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw CommandFailure.failed("cannot listen on \(address) (\(reason)): choose another address with --listen")
        } catch is SocketAddressError.UnknownHost {
            throw CommandFailure.failed("cannot listen on \(address) (the name has no address): choose another address with --listen")
        } catch let error as SocketAddressError {
            throw CommandFailure.failed("cannot listen on \(address) (\(error)): choose another address with --listen")
        }
    }

    private var server: HTTPServerBuilder {
        get throws {
            let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: Self.idleTime))
            guard let tls = self.tls else { return plain }
            return try .tls(plain, tlsConfiguration: tls.configuration)
        }
    }

    private var router: Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMetrics())
        router.add(middleware: RequestSpans())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: Admission(checks: self.checks))
        InvocationRoute(stores: self.stores, configuration: self.configuration).add(to: router)
        SessionRoutes(stores: self.stores).add(to: router)
        WalletRoutes(stores: self.stores).add(to: router)
        HealthRoutes(stores: self.stores).add(to: router)
        MetricsRoute(registry: self.registry).add(to: router)
        DocumentRoute(needsToken: self.token != nil).add(to: router)
        return router
    }

    private var checks: [any RequestCheck] {
        [MethodGuard(), BrowserGuard(isLoopback: self.address.isLoopback)] + (self.token.map { [TokenGuard(token: $0)] } ?? [])
    }

    /// Says where it listens, and what to try.
    private func announce(port: Int?) {
        var bound = self.address
        bound.port = port ?? bound.port
        var reachable = bound
        if ["0.0.0.0", "::"].contains(bound.host) { reachable.host = "127.0.0.1" }
        let scheme = self.tls == nil ? "http" : "https"
        let token = self.token == nil ? "" : #"-H "Authorization: Bearer $BEDROCK_SESSIONS_TOKEN" "#
        Console.print(
            """
            Listening on \(scheme)://\(bound)
            Try: curl \(token)\(scheme)://\(reachable)\(InvocationRoute.path) -d \
            '{"messageVersion":"1.0","sessionId":"s-1","actionGroup":"wallet","function":"recallWallet"}'
            """)
    }
}
