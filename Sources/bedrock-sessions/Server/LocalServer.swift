import Adapter
import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The server of `serve`.
struct LocalServer {
    let stores: Stores
    let configuration: AdapterConfiguration
    let address: ListenAddress

    /// How long requests may take to finish once the process was asked to end.
    private static let patience = Duration.seconds(10)
    /// How long a connection may be idle.
    private static let idleTime = TimeAmount.seconds(60)

    /// Serves until SIGTERM or SIGINT. Throws a failure when the address cannot be listened on.
    func run() async throws {
        let logger = Logger(label: "bedrock-sessions.serve")
        let address = self.address
        let application = Application(
            router: self.router, server: .http1(configuration: .init(idleTimeout: Self.idleTime)),
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: "bedrock-sessions"),
            onServerRunning: { channel in Self.announce(address, port: channel.localAddress?.port) }, logger: logger)
        var group = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = Self.patience
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw CommandFailure.failed("cannot listen on \(address) (\(reason)): choose another address with --listen")
        } catch is SocketAddressError.UnknownHost {
            throw CommandFailure.failed("cannot listen on \(address) (the name has no address): choose another address with --listen")
        } catch let error as SocketAddressError {
            throw CommandFailure.failed("cannot listen on \(address) (\(error)): choose another address with --listen")
        }
    }

    private var router: Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: BrowserGuard(isLoopback: self.address.isLoopback))
        InvocationRoute(stores: self.stores, configuration: self.configuration).add(to: router)
        SessionRoutes(stores: self.stores).add(to: router)
        WalletRoutes(stores: self.stores).add(to: router)
        HealthRoutes(stores: self.stores).add(to: router)
        return router
    }

    /// Says where it listens, and what to try.
    private static func announce(_ address: ListenAddress, port: Int?) {
        var bound = address
        bound.port = port ?? address.port
        var reachable = bound
        if ["0.0.0.0", "::"].contains(bound.host) { reachable.host = "127.0.0.1" }
        Console.print(
            """
            Listening on http://\(bound)
            Try: curl http://\(reachable)\(InvocationRoute.path) -d \
            '{"messageVersion":"1.0","sessionId":"s-1","actionGroup":"wallet","function":"recallWallet"}'
            """)
    }
}
