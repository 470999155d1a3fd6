/// What a deployment is asked to carry, and what is assumed of it. Every property has a default; `CapacityOption.all` says what each of the numbers is, between which
/// limits.
package struct CapacityInput: Hashable, Sendable {
    // MARK: Traffic

    /// Agents: conversation partners, each with one conversation at a time.
    package var agents = 1_000_000.0
    /// Turns of a conversation that each has in an hour, on the average of the month.
    package var turnsPerHour = 6.0
    /// How many times the average the busiest minutes are.
    package var peakFactor = 3.0
    /// Lookups of what is remembered in a turn.
    package var readsPerTurn = 2.0
    /// Changes of it in a turn.
    package var writesPerTurn = 0.2
    /// The share of writes that lose a race and are made again: a condition that fails costs what a write costs.
    package var conflicts = 0.01
    /// Conversations that an agent begins in a day: each is a session of its own.
    package var sessionsPerDay = 1.0
    /// Whether users are known: then each lookup and each change concerns two items, the session's and the memory of its user.
    package var hasUserMemory = true

    // MARK: Sessions

    /// Bytes of the names and values of a session's fields.
    package var sessionBytes = 120.0
    /// How many fields these are.
    package var fields = 2.0
    /// Bytes of a session id: a UUID's.
    package var idBytes = 36.0
    /// Bytes of a user's id, where users are known.
    package var userBytes = 36.0
    /// How long a session lives after its last write, in days.
    package var timeToLive = 30.0

    // MARK: Cache

    /// The cache's kind.
    package var cache = CacheKind.serverless
    /// Whether its entries are sealed.
    package var isSealed = true
    /// Bytes of the table's name, which each key in Redis carries: those of `NFTBedrockSessions`.
    package var tableNameBytes = 18.0
    /// Bytes of the seal key's name: those of a date.
    package var keyNameBytes = 10.0
    /// The age in seconds at which an entry is checked against the table.
    package var revalidateAfter = 60.0
    /// The share of the reads that reach Redis which it answers alone; nil: what follows from the turns and `revalidateAfter` (`HitRatio`).
    package var hitRatio: Double?
    /// The share of reads that a process answers from its own memory.
    package var nearHitRatio = 0.0
    /// The share of live sessions that Redis has room for.
    package var cachedShare = 1.0
    /// Memory of a node, in GiB: that of a cache.r7g.large.
    package var nodeMemory = 13.07
    /// The share of it that entries may fill: ElastiCache reserves a quarter.
    package var memoryUsed = 0.75
    /// Copies of each shard's primary.
    package var replicas = 1.0
    /// Commands that one shard is asked to answer in a second.
    package var commandsPerShard = 100_000.0
    /// ElastiCache processing units of a script, where a GET of up to 1 KB is one.
    package var unitsPerScript = 3.0

    // MARK: Compute

    /// Cached reads that one core makes in a second; nil: what docs/PERFORMANCE.md measured.
    package var readsPerCore: Double?
    /// Requests to the table that one core makes in a second.
    package var requestsPerCore = Measured.requestsPerCore
    /// How busy a core may be at the peak.
    package var coreUsed = 0.5
    /// Whether a Lambda function carries it.
    package var hasLambda = true
    /// Invocations of the function in a turn.
    package var callsPerTurn = 1.0
    /// Milliseconds that an invocation is billed.
    package var invocationTime = 20.0
    /// Megabytes of the function.
    package var lambdaMemory = 256.0

    /// What it costs.
    package var prices = Prices()

    /// The defaults.
    package init() {}

    /// The cache's kind.
    package enum CacheKind: String, CaseIterable, Sendable {
        /// ElastiCache Serverless: paid by what it holds and does.
        case serverless
        /// Nodes of a cluster, paid by the hour.
        case nodes
        /// No cache.
        case none
    }

    /// What was measured here, by docs/PERFORMANCE.md of 2026-11-30.
    package enum Measured {
        /// "session(...), entries are sealed": 1.20 us of CPU, 256 at a time.
        package static let sealedReadsPerCore = 830_000.0
        /// "session(...), entries lie open": 0.60 us.
        package static let openReadsPerCore = 1_660_000.0
        /// "session(...) from this process's memory".
        package static let nearReadsPerCore = 6_000_000.0
        /// "signed GetItem, 64 at a time", DynamoStore: 21.2 us.
        package static let requestsPerCore = 47_000.0
    }

    /// The age in seconds from which on a read of an entry looks at the table: a Lambda, which is frozen behind its answers, renews nothing ahead.
    package var checkedAge: Double { self.hasLambda ? self.revalidateAfter : self.revalidateAfter / 2 }

    /// The reads that one core makes.
    package var cachedReadsPerCore: Double {
        self.readsPerCore ?? (self.isSealed ? Measured.sealedReadsPerCore : Measured.openReadsPerCore)
    }
}
