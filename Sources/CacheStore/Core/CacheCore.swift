internal import Locked
package import Logging
internal import Redis
package import SessionStore
internal import Spans
internal import Synchronization

/// What a `CacheStore` does, over any `CacheCommands`: the shell around the machines, which holds the I/O and nothing to decide.
///
/// It is generic over the commands, not over the store behind it: a cached read never reaches that store, and is to compile into straight calls.
package final class CacheCore<Commands: CacheCommands>: Sendable {
    let base: any SessionStore
    let commands: Commands
    let policy: CachePolicy
    package let configuration: CacheConfiguration
    let clock: any SessionClock
    /// Where loads run: the loop of the Redis client, so that their commands cost no thread hop.
    let executor: (any TaskExecutor)?
    let freshToken: TokenGenerator
    /// What seals entries and opens them; nil: they lie open.
    let sealer: EntrySealer?
    let logger: Logger
    let metrics = CacheMetrics()
    /// Nil: nobody wants to know, and a read looks here and no further.
    let spans = SpanRecorder()
    let flights: Locked<FlightTable<ReadWaiter>>
    let cacheBreaker: Breaker
    let tableBreaker: Breaker
    let replays: Locked<ReplayQueue>
    /// Whether anything is in `replays`.
    let hasReplays = Atomic<Bool>(false)
    let owned: OwnedTasks
    /// Sessions in the memory of this process; nil: it keeps none.
    package let near: NearCache?
    /// How many table requests loads have handed over so far.
    let handedOver = Atomic<UInt64>(0)
    let readerIDs = Atomic<UInt64>(0)
    /// What is left of a read's budget when the cache has had its time.
    let loadBudget: Duration
    /// What stands in front of a session's name in Redis.
    package let keyPrefix: [UInt8]

    /// A core with these parts. Throws `.misconfigured`.
    ///
    /// - Parameter cacheTime: The time after which `commands` give up: the cache's part of a read's budget.
    package init(
        base: any SessionStore, commands: Commands, configuration: CacheConfiguration, clock: any SessionClock,
        executor: (any TaskExecutor)?, logger: Logger, cacheTime: Duration = .milliseconds(50),
        tokens: @escaping TokenGenerator = Token.system, flights: FlightRule = .sameQuestion, nearRule: NearRule = .untouched
    ) throws(SessionStoreError) {
        try configuration.validate()
        self.base = base
        self.commands = commands
        self.configuration = configuration
        let policy = CachePolicy(configuration)
        self.policy = policy
        self.clock = clock
        self.executor = executor
        self.freshToken = tokens
        self.sealer = try configuration.seal.map { (keys) throws(SessionStoreError) in
            try EntrySealer(keys, region: configuration.region, table: configuration.table)
        }
        self.flights = Locked(FlightTable(rule: flights))
        self.logger = logger
        self.keyPrefix = Array("\(WireFormat.keyPrefix)\(configuration.table):".utf8)
        let keyPrefix = self.keyPrefix
        self.near = configuration.nearCache.map { near in
            // One that is due for a renewal goes to Redis, where that is found out.
            NearCache(
                near, freshness: policy.refreshAfter ?? policy.revalidateAfter, keyPrefix: keyPrefix, clock: clock,
                seed: tokens().bits, rule: nearRule)
        }
        // A cache that may take most of the budget leaves the table half of it all the same.
        self.loadBudget = max(configuration.reads.budget - cacheTime, configuration.reads.budget / 2)
        self.owned = OwnedTasks(executor: executor)
        self.cacheBreaker = Breaker(
            BreakerMachine(configuration.cacheBreaker), metrics: self.metrics.cacheBreaker, words: .cache, logger: logger)
        self.tableBreaker = Breaker(
            BreakerMachine(configuration.tableBreaker), metrics: self.metrics.tableBreaker, words: .table, logger: logger)
        self.replays = Locked(
            ReplayQueue(lifetime: policy.replayLifetime, limit: configuration.replays.limit, roundSize: Self.replaysPerRound))
    }

    /// How many replays are sent at a time.
    private static var replaysPerRound: Int { 64 }

    /// Ends what goes on in the background, without waiting for it.
    package func cancelBackgroundWork() {
        self.owned.cancel()
    }

    /// Ends what goes on in the background, and tells the cache of the writes that it has not heard of, if it answers now. Reads and writes of later
    /// find the table; nothing is renewed or told late any more.
    package func shutdown() async {
        await self.owned.end()
        await self.replayForTheLastTime()
    }

    /// How many reads wait for loads now.
    package var waitingReads: Int { self.flights.withLock { $0.waiterCount } }

    /// The Redis key of a session.
    package func redisKey(_ key: SessionKey) -> [UInt8] {
        self.place(of: key).bytes
    }

    /// The same in parts.
    @inline(__always)
    func place(of key: SessionKey) -> RedisKey {
        // A stored id is a native string, which costs nothing; `rawValue` of a user's key is put together.
        let name =
            switch key {
            case .session(let id): id.rawValue
            case .user, .call: key.rawValue
            }
        return RedisKey(prefix: self.keyPrefix, name: name)
    }
}
