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

    private let capacity: [DynamoOperation: FloatingPointCounter]
    let batchedRead: Counter
    let sharedRead: Counter
    let hedge: Counter

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        let counters = DynamoOperation.allCases.map {
            ($0, FloatingPointCounter(label: Self.consumedCapacity, dimensions: [("operation", $0.rawValue)], factory: factory))
        }
        self.capacity = Dictionary(uniqueKeysWithValues: counters)
        self.batchedRead = Counter(label: Self.batchedReads, factory: factory)
        self.sharedRead = Counter(label: Self.sharedReads, factory: factory)
        self.hedge = Counter(label: Self.hedges, factory: factory)
    }

    func consumed(_ units: Double, by operation: DynamoOperation) {
        self.capacity[operation]?.increment(by: units)
    }
}
