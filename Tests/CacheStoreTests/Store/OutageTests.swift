import CacheStore
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("a cache that fails", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct OutageTests {
    @Test("killing redis-server changes latency, not answers; after its return the cache works again")
    func killed() async throws {
        try await CacheUnderTest.run(commandTimeout: .seconds(20)) { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.redis.server.kill()
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await cache.store.session(cache.key)?.origin == .table)
            #expect(try await cache.store.session(.test("session-2")) == nil)
            let result = try await cache.store.replace(cache.key, with: ["a": 2])
            #expect(result.cache == .pending)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            try cache.redis.server.restart()
            try await cache.waitForRedis()
            cache.clock.advance(by: cache.store.configuration.cacheBreaker.interval)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            // The write that Redis hears of now may take away the lease of that read.
            try await cache.wait { try await cache.store.session(cache.key)?.origin == .cache(age: .zero) }
            #expect(try await cache.store.update(cache.key, set: ["a": 3]).cache == .published)
        }
    }

    @Test("a frozen redis-server costs a deadline, not the answer")
    func frozen() async throws {
        try await CacheUnderTest.run(commandTimeout: .milliseconds(50), configure: { $0.writes.publishAttempts = 1 }) { cache in
            try await cache.writeBehind(["a": 1])
            cache.redis.server.freeze()
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await cache.store.replace(cache.key, with: ["a": 2]).cache == .pending)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            cache.redis.server.thaw()
            try await cache.waitForRedis()
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
        }
    }

    @Test("a redis-server that is full loses entries, and keeps no old one")
    func full() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.redis.send("CONFIG", "SET", "maxmemory", "1")
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            #expect(try await cache.store.update(cache.key, set: ["a": 2]).cache == .published)
            #expect(try await cache.state() == nil)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            try await cache.redis.send("CONFIG", "SET", "maxmemory", "0")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            #expect(try await cache.state() == "L")
        }
    }

    @Test("a read-only replica fails writes to the cache, not to the table")
    func readOnly() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            try await cache.redis.send("REPLICAOF", "127.0.0.1", "1")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await cache.store.replace(cache.key, with: ["a": 2]).cache == .pending)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
        }
    }

    @Test("FLUSHALL costs a read of the table")
    func flushed() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.redis.send("FLUSHALL")
            try await cache.redis.send("SCRIPT", "FLUSH")
            #expect(try await cache.store.session(cache.key)?.origin == .table)
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
        }
    }
}

extension CacheUnderTest {
    /// Waits until commands are answered again.
    func waitForRedis() async throws {
        while true {
            try Task.checkCancellation()
            do {
                try await self.redis.client.connect()
                return
            } catch {
                await Task.yield()
            }
        }
    }
}
