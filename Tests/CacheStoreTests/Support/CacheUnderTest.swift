import CacheStore
import Logging
import SessionStore
import SessionStoreTesting

/// A cache over a watched store in memory and a redis-server of its own, with a clock that stands still.
struct CacheUnderTest: Sendable {
    let redis: RedisUnderTest
    let base: WatchedStore
    let clock: ManualClock
    let store: CacheStore<WatchedStore>

    static let table = "sessions"
    let key = SessionKey.test("session-1")
    let redisKey = bytes("bs1:sessions:session-1")

    /// Runs `body` with one.
    static func run(
        commandTimeout: Duration = .seconds(20), timeToLive: Duration = .seconds(3600), options: [String] = [],
        configure: (inout CacheConfiguration) -> Void = { _ in }, _ body: (CacheUnderTest) async throws -> Void
    ) async throws {
        var configuration = CacheConfiguration(table: self.table)
        configure(&configuration)
        try await RedisUnderTest.run(options: options, commandTimeout: commandTimeout) { redis in
            let clock = ManualClock()
            let base = WatchedStore(timeToLive: timeToLive, clock: clock)
            let store = try Self.store(base, redis, configuration, clock)
            try await body(CacheUnderTest(redis: redis, base: base, clock: clock, store: store))
        }
    }

    /// Another process's cache over the same Redis and table.
    func peer(_ configuration: CacheConfiguration? = nil) throws -> CacheStore<WatchedStore> {
        try Self.store(self.base, self.redis, configuration ?? self.store.configuration, self.clock)
    }

    private static func store(
        _ base: WatchedStore, _ redis: RedisUnderTest, _ configuration: CacheConfiguration, _ clock: ManualClock
    ) throws -> CacheStore<WatchedStore> {
        try CacheStore(base: base, redis: redis.client, configuration: configuration, clock: clock, logger: Logger(label: "test"))
    }

    /// Writes past the cache, as a program without one would.
    func writeBehind(_ data: SessionData, to key: SessionKey? = nil) async throws {
        try await self.base.memory.replace(key ?? self.key, with: data)
    }

    /// Waits until that many reads wait for loads.
    func waitForWaitingReads(_ count: Int) async throws {
        while self.store.core.waitingReads < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// The first byte of what the key holds.
    func state() async throws -> String? {
        try await self.redis.get(self.redisKey)?.first.map { String(decoding: [$0], as: UTF8.self) }
    }
}
