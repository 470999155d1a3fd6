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
        var options = HTTPOptions()
        options.maxConnections = configuration.maximumConnections
        options.caBundle = environment["AWS_CA_BUNDLE"]
        options.proxies = HTTPProxies { environment[$0] }
        let http = HTTPClient(loop: loop, options: options)
        let metrics = DynamoMetrics()
        let service: AWSServiceClient
        let chain: CredentialChain
        do throws(AWSError) {
            let now: @Sendable () -> Int64 = { clock.now.seconds }
            // Signatures are dated with what the answers taught: a wrong local clock costs one refused request, not all.
            let time = AWSClock(seconds: now, uptime: { clock.uptime })
            let source = credentials.map { CredentialChain([StaticCredentials($0)], now: now) }
            chain = source ?? .standard(environment, loop: loop, clock: time)
            service = try AWSServiceClient(
                configuration: try .resolve(
                    service: "dynamodb", region: configuration.region, endpoint: configuration.endpoint, environment: environment),
                http: http, loop: loop, credentials: chain, clock: time,
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
                await chain.close()
                await http.close()
            })
    }
}
