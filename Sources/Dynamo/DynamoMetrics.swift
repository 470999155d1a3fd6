import AWS
import CoreMetrics

/// The metrics of a `DynamoStore`, their names and labels: here and nowhere else. No label comes from a session.
struct DynamoMetrics: Sendable {
    /// Capacity units that the table's operations consumed, by `operation`, as the answers say (`ReturnConsumedCapacity`).
    static let consumedCapacity = "bedrock_sessions.dynamo.capacity_consumed"
    /// Reads that left together with others.
    static let batchedReads = "bedrock_sessions.dynamo.reads_batched"
    /// Reads that were answered by the request of another read of the same key.
    static let sharedReads = "bedrock_sessions.dynamo.reads_shared"
    /// Second requests for an item whose first one was slow.
    static let hedges = "bedrock_sessions.dynamo.hedges"

    /// How long the table's operations took, all attempts and the waits between them, by `operation`.
    static let requestDuration = "bedrock_sessions.dynamo.request_duration"
    /// Attempts after the first, by `reason`: `throttled`, `error` (the service failed), `lost` (no whole answer), `unsent` (no connection), `skewed` (the
    /// clock was wrong).
    static let retries = "bedrock_sessions.dynamo.retries"

    private let durations: [DynamoOperation: Timer]
    private let retryCounters: [String: Counter]
    private let capacity: [DynamoOperation: FloatingPointCounter]
    let batchedRead: Counter
    let sharedRead: Counter
    let hedge: Counter

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        let counters = DynamoOperation.allCases.map {
            ($0, FloatingPointCounter(label: Self.consumedCapacity, dimensions: [("operation", $0.rawValue)], factory: factory))
        }
        self.capacity = Dictionary(uniqueKeysWithValues: counters)
        let timers = DynamoOperation.allCases.map {
            ($0, Timer(label: Self.requestDuration, dimensions: [("operation", $0.rawValue)], factory: factory))
        }
        // Without a metrics system nobody wants to know, and the clock need not be looked at.
        self.durations = factory is NOOPMetricsHandler ? [:] : Dictionary(uniqueKeysWithValues: timers)
        let retries = ["throttled", "error", "lost", "unsent", "skewed"].map {
            ($0, Counter(label: Self.retries, dimensions: [("reason", $0)], factory: factory))
        }
        self.retryCounters = Dictionary(uniqueKeysWithValues: retries)
        self.batchedRead = Counter(label: Self.batchedReads, factory: factory)
        self.sharedRead = Counter(label: Self.sharedReads, factory: factory)
        self.hedge = Counter(label: Self.hedges, factory: factory)
    }

    /// There is another attempt.
    func retried(after failure: RetryMachine.Failure) {
        let reason: String? =
            switch failure {
            case .answered(_, .throttling, _): "throttled"
            case .answered: "error"
            case .lost: "lost"
            case .notSent: "unsent"
            case .skewed: "skewed"
            case .local: nil
            }
        if let reason { self.retryCounters[reason]?.increment() }
    }

    /// Runs one operation, and notes how long it took.
    func timing<Answer>(
        _ operation: DynamoOperation, _ body: () async throws(AWSError) -> Answer
    ) async throws(AWSError) -> Answer {
        guard let timer = self.durations[operation] else { return try await body() }
        let start = ContinuousClock.now
        defer {
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        }
        return try await body()
    }

    func consumed(_ units: Double, by operation: DynamoOperation) {
        self.capacity[operation]?.increment(by: units)
    }
}
