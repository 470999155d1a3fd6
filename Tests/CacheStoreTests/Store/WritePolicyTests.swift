import CacheStore
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("write policies", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct WritePolicyTests {
    @Test("consistent: without an intent the table is not touched")
    func consistent() async throws {
        try await CacheUnderTest.run(configure: { $0.writePolicy = .consistent }) { (cache) async throws in
            #expect(try await cache.store.update(cache.key, set: ["a": 1]).cache == .published)
            try await cache.redis.send("CONFIG", "SET", "maxmemory", "1")
            #expect(await code { try await cache.store.update(cache.key, set: ["a": 2]) } == .unavailable)
            try await cache.redis.send("CONFIG", "SET", "maxmemory", "0")
            cache.redis.server.kill()
            for change in [SessionWrite.Change.update(set: ["a": 2], remove: []), .replace([:]), .touch, .delete] {
                #expect(await code { try await cache.store.write(SessionWrite(cache.key, change)) } == .unavailable)
            }
            #expect(cache.base.writes.count == 1)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1], "reads go on")
        }
    }

    @Test("consistent: an intent that may have arrived is taken back")
    func doubtful() async throws {
        try await CacheUnderTest.run(configure: { $0.writePolicy = .consistent }) { (cache) async throws in
            let (core, commands) = try cache.interruptible()
            commands.fail([.intent], .timedOut)
            #expect(await code { try await core.update(cache.key, ["a": 1]) } == .unavailable)
            #expect(cache.base.writes.isEmpty)
            await core.shutdown()
        }
    }

    @Test("consistent: an intent that has to be renewed, after a freeze, and cannot be, ends the write before the table is touched")
    func thawed() async throws {
        try await CacheUnderTest.run(configure: { $0.writePolicy = .consistent }) { (cache) async throws in
            let (core, commands) = try cache.interruptible()
            let gate = cache.base.holdWrites()
            let writing = Task { try await core.update(cache.key, ["a": 1]) }
            try await gate.waitForArrivals(1)
            commands.fail(.timedOut)
            cache.clock.advance(by: .seconds(600))
            gate.open()
            #expect(await code { try await writing.value } == .unavailable)
            let session = try await cache.base.memory.session(cache.key)
            #expect(session == nil)
            await core.shutdown()
        }
    }

    @Test("available: the table is written, whatever Redis does")
    func available() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            cache.redis.server.kill()
            #expect(try await cache.store.update(cache.key, set: ["a": 1]).cache == .pending)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
        }
    }
}
