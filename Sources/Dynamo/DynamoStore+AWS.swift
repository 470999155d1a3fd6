public import AWS
public import EventLoop
import HTTP
public import Logging
public import SessionStore

extension DynamoStore {
    /// A store on a table of AWS, or of whatever the configured endpoint is.
    ///
    /// Nothing is sent before the first call. Throws `.misconfigured` when the configuration, the region or the endpoint cannot work.
    ///
    /// - Parameters:
    ///   - loop: Where its connections live; it has to outlive the store.
    ///   - configuration: Table, times and limits.
    ///   - credentials: Nil: those that the SDKs' sources have: environment, profile, web identity, container, instance metadata.
    ///   - environment: The AWS variables.
    ///   - clock: Learns the time from the table's answers; give the same one to every store in front of this one.
    ///   - logger: For what an operator may want to see.
    public convenience init(
        loop: UVLoop, configuration: DynamoConfiguration = DynamoConfiguration(), credentials: AWSCredentials? = nil,
        environment: Environment = .process, clock: SystemClock, logger: Logger = Logger(label: "bedrock-sessions.dynamo")
    ) throws(SessionStoreError) {
        // Signatures are dated with what the answers taught: a wrong local clock costs one refused request, not all.
        let time = AWSClock(clock)
        let source = credentials.map { CredentialChain([StaticCredentials($0)], now: time.seconds) }
        let chain = source ?? .standard(environment, loop: loop, clock: time)
        try self.init(
            loop: loop, configuration: configuration, chain: chain, environment: environment, clock: clock, logger: logger,
            onClose: { await chain.close() })
    }

    /// A store that signs with the credentials of `chain`, which it does not close: several stores of a process have one.
    package convenience init(
        loop: UVLoop, configuration: DynamoConfiguration, chain: CredentialChain, environment: Environment, clock: SystemClock,
        logger: Logger, onClose: @escaping @Sendable () async -> Void = {}
    ) throws(SessionStoreError) {
        var options = HTTPOptions()
        options.maxConnections = configuration.maximumConnections
        options.caBundle = environment["AWS_CA_BUNDLE"]
        options.proxies = HTTPProxies { environment[$0] }
        let http = HTTPClient(loop: loop, options: options)
        let metrics = DynamoMetrics()
        let service: AWSServiceClient
        do throws(AWSError) {
            service = try AWSServiceClient(
                configuration: try .resolve(
                    service: "dynamodb", region: configuration.region, endpoint: configuration.endpoint, environment: environment),
                http: http, loop: loop, credentials: chain, clock: AWSClock(clock),
                onServerDate: { clock.learn(serverTime: Timestamp(seconds: $0)) }, onRetry: { metrics.retried(after: $0) })
        } catch {
            throw SessionStoreError(error, table: configuration.table)
        }
        try self.init(
            client: DynamoClient(
                transport: DynamoServiceTransport(service: service, metrics: metrics), countsCapacity: configuration.countsCapacity,
                metrics: metrics),
            configuration: configuration, clock: clock, logger: logger, executor: loop,
            onClose: {
                await onClose()
                await http.close()
            })
    }
}

extension AWSClock {
    /// The time that a store goes by, with what it has learned.
    package init(_ clock: SystemClock) {
        self.init(seconds: { clock.now.seconds }, uptime: { clock.uptime })
    }
}
