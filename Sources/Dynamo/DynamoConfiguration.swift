public import SessionStore

/// What a `DynamoStore` works with.
public struct DynamoConfiguration: Hashable, Sendable {
    /// The table's name.
    public var table: String
    /// The region; nil: `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's.
    public var region: String?
    /// The endpoint's URL; nil: `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL` or the region's public one.
    public var endpoint: String?
    /// How long a session lives after a write. The table sees whole seconds.
    public var timeToLive: Duration
    /// The time for a read, retries included.
    public var readDeadline: Duration
    /// The time for one attempt at a write.
    public var attemptDeadline: Duration
    /// The time for all attempts at a write, reading back included.
    public var writeBudget: Duration
    /// Connections to the endpoint, and so requests at a time; more wait for one.
    public var maximumConnections: Int
    /// How many requests of a batch read are in flight at a time.
    public var batchConcurrency: Int
    /// Whether reads may leave together as BatchGetItem: those of a batch, and those that find others in flight. Needs the right
    /// `dynamodb:BatchGetItem`; where that is refused, each item is read with GetItem, after one line in the log.
    public var batchesReads: Bool
    /// Whether a second GetItem is sent when the first is slower than 95 of 100 were, for 2 % of the reads at most. Costs capacity, saves the slowest
    /// answers.
    public var hedgesReads: Bool
    /// Whether requests ask what they consume (`ReturnConsumedCapacity`), summed in the metric `bedrock_sessions.dynamo.capacity_consumed`.
    public var countsCapacity: Bool
    /// The global secondary index on `user_id` that `sessions(of:)` asks.
    public var userIndex: String
    /// How long `createTable` waits for the table to become active.
    public var tableDeadline: Duration

    /// The name of the index on `user_id` unless another is configured.
    public static let defaultUserIndex = "user_id-index"

    /// The name of the table unless another is configured.
    public static let defaultTable = "NFTBedrockSessions"

    /// A configuration with these parts.
    public init(
        table: String = Self.defaultTable, region: String? = nil, endpoint: String? = nil, timeToLive: Duration = SessionLimits.timeToLive,
        readDeadline: Duration = .seconds(5), attemptDeadline: Duration = .seconds(2), writeBudget: Duration = .seconds(5),
        maximumConnections: Int = 64, batchConcurrency: Int = 16, tableDeadline: Duration = .seconds(180), batchesReads: Bool = true,
        hedgesReads: Bool = false, countsCapacity: Bool = true, userIndex: String = Self.defaultUserIndex
    ) {
        self.table = table
        self.region = region
        self.endpoint = endpoint
        self.timeToLive = timeToLive
        self.readDeadline = readDeadline
        self.attemptDeadline = attemptDeadline
        self.writeBudget = writeBudget
        self.maximumConnections = maximumConnections
        self.batchConcurrency = batchConcurrency
        self.tableDeadline = tableDeadline
        self.batchesReads = batchesReads
        self.hedgesReads = hedgesReads
        self.countsCapacity = countsCapacity
        self.userIndex = userIndex
    }

    /// Throws `.misconfigured` with every problem at once.
    public func validate() throws(SessionStoreError) {
        var problems: [String] = []
        if !Self.isTableName(self.table) {
            problems.append("the table's name has 3 to 255 of the characters 0-9 a-z A-Z _ . -")
        }
        // Indexes are named by the rules of tables.
        if !Self.isTableName(self.userIndex) {
            problems.append("the name of the user index has 3 to 255 of the characters 0-9 a-z A-Z _ . -")
        }
        if self.timeToLive < .seconds(1) { problems.append("the time to live is at least a second") }
        for (name, value) in [
            ("read deadline", self.readDeadline), ("attempt deadline", self.attemptDeadline), ("write budget", self.writeBudget),
            ("table deadline", self.tableDeadline),
        ] where value <= .zero { problems.append("the \(name) is longer than nothing") }
        if self.attemptDeadline > self.writeBudget { problems.append("the attempt deadline is at most the write budget") }
        if self.maximumConnections < 1 { problems.append("the maximum of connections is at least 1") }
        if self.batchConcurrency < 1 { problems.append("the batch concurrency is at least 1") }
        guard problems.isEmpty else { throw SessionStoreError(.misconfigured, problems.joined(separator: "; ")) }
    }

    /// Source of the rule: Amazon DynamoDB Developer Guide, "Naming rules".
    private static func isTableName(_ text: String) -> Bool {
        (3...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
