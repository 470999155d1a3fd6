public import Logging
public import Redis
public import SessionStore

/// A store that keeps hot sessions of another store in Redis.
///
/// What a read may return (DESIGN section 3): `nil` only if the store behind said so; no session past its expiration; and nothing older than a write that
/// was acknowledged before the read began, whoever wrote it, as long as all writers use such a store. Versions decide this, not clocks. Where Redis loses
/// an announcement of a write, an entry answers for at most `revalidateAfter` before it is checked. With Redis down, slow or full, the store behind
/// answers: an outage of the cache changes latency, not answers.
///
/// Reads come from the cache where its entry is good, and share one question to the store behind where it is not. Writes go to the store behind; the
/// cache is told before and after. The key of a session is `bs1:<table>:<session_id>` and ends at the session's expiration.
public final class CacheStore<Base: SessionStore>: SessionStore {
    /// The store behind the cache.
    public let base: Base
    /// How entries are kept.
    public let configuration: CacheConfiguration
    package let core: CacheCore<RedisCommands>

    /// A cache in front of `base`. Throws `.misconfigured` with every problem of the configuration.
    ///
    /// - Parameters:
    ///   - base: The source of truth. Its reads with `.strong` consistency are what entries are filled from.
    ///   - redis: A client of Redis 6.2 or newer. Its `commandTimeout` is the time after which `base` answers instead.
    ///   - configuration: How entries are kept; every process that shares the keys should have the same.
    ///   - clock: The clock that `base` uses too: both must agree on what has expired.
    ///   - logger: Hears of writes that the cache could not be told of.
    public init(
        base: Base, redis: RedisClient, configuration: CacheConfiguration, clock: any SessionClock, logger: Logger
    ) throws(SessionStoreError) {
        self.base = base
        self.configuration = configuration
        self.core = try CacheCore(
            base: base, commands: RedisCommands(redis), configuration: configuration, clock: clock, executor: redis.loop, logger: logger,
            cacheTime: redis.configuration.commandTimeout)
        if let near = self.core.near { self.track(redis, for: near, logger) }
    }

    /// Has Redis tell the near cache of changes.
    private func track(_ redis: RedisClient, for near: NearCache, _ logger: Logger) {
        let feed = InvalidationFeed(client: redis, prefix: self.core.keyPrefix, logger: logger) { event in
            switch event {
            case .began: near.trackingBegan()
            case .ended: near.trackingEnded()
            case .changed(let key): near.changed(redisKey: key)
            case .everythingChanged: near.everythingChanged()
            }
        }
        _ = self.core.owned.start { await feed.run() }
    }

    deinit {
        self.core.cancelBackgroundWork()
    }

    /// Ends what goes on behind the answers, and tells the cache of the writes that it has not heard of, if it answers now. Call it before the client of
    /// Redis is closed. A cache that is forgotten instead ends its background work too, without that attempt.
    public func shutdown() async {
        await self.core.shutdown()
    }

    /// Reads one session, from the cache where it may answer. Throws `.notOwner`, `.cancelled`, and what `base` throws.
    public func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try await self.core.read(read)
    }

    /// Reads a session; nil when there is none. Throws as `read` does.
    ///
    /// Every store has this method. Here it is a second time, because a call through the protocol has its task look for its executor when it returns,
    /// wherever that was: a twelfth of a cached read, an eighth of one from this process's memory.
    public func session(
        _ key: SessionKey, as caller: Caller = .anonymous, consistency: ReadConsistency = .cached
    ) async throws(SessionStoreError) -> Session? {
        try await self.core.read(SessionRead(key, as: caller, consistency: consistency))
    }

    /// Reads many: their cached entries together, the rest from `base`, each shared with other reads of the same session.
    public func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.core.read(batch: keys, as: caller, consistency: consistency)
    }

    /// Changes one session in `base`, and tells the cache. The result's `cache` is `.pending` when Redis did not hear of it: others may then read the
    /// previous version for at most `revalidateAfter`. Throws `.notOwner`, `.cancelled`, `.deadlineExceeded` and what `base` throws.
    public func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        try await self.core.write(write)
    }

    /// What the cache alone knows of a session; nil when it holds no entry that may answer. For tools that look at one tier.
    ///
    /// Throws `.notOwner`, and `.unavailable` when Redis does not answer.
    public func cachedSession(_ key: SessionKey, as caller: Caller) async throws(SessionStoreError) -> Session? {
        try await self.core.peek(key, as: caller)
    }
}
