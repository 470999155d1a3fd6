import CacheStore
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite(
    "writes that the cache hears of late", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
    .timeLimit(.minutes(2)))
struct ReplayTests {
    /// A session whose first version is cached while the second, written without Redis, is not known there.
    private func withPendingWrite(
        _ body: (CacheUnderTest, CacheCore<InterruptibleCommands>, InterruptibleCommands) async throws -> Void
    ) async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            let (core, commands) = try cache.interruptible()
            commands.fail(.unavailable)
            #expect(try await core.update(cache.key, ["a": 2]).cache == .pending)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1], "bounded by revalidateAfter")
            try await body(cache, core, commands)
            await core.shutdown()
        }
    }

    @Test("the first command that succeeds tells it")
    func firstSuccess() async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            commands.fail(nil)
            #expect(try await core.update(.test("session-2"), ["b": 1]).cache == .published)
            try await cache.wait { try await cache.state() == nil }
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
        }
    }

    @Test("the breaker's probe tells it")
    func probe() async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            for _ in 0..<3 { _ = try await core.read(cache.key) }
            commands.fail(nil)
            #expect(try await core.read(cache.key)?.origin == .table, "the breaker is open")
            cache.clock.advance(by: .milliseconds(500))
            _ = try await core.read(cache.key)
            try await cache.wait { try await cache.state() == nil }
        }
    }

    @Test("the timer tells it when nobody else calls, as a probe while the breaker is open")
    func timer() async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            for _ in 0..<3 { _ = try await core.read(cache.key) }
            await cache.clock.waitForSleepers(2)
            cache.clock.advance(by: .seconds(1))
            try await cache.wait { commands.scripts.filter { $0 == .replay }.count == 1 }
            commands.fail(nil)
            try await cache.wait {
                cache.clock.advance(by: .seconds(1))
                return try await cache.state() == nil
            }
            #expect(try await core.read(cache.key)?.data == ["a": 2])
        }
    }

    @Test("an entry of that version or a newer one stays, and so does another writer's intent")
    func newer() async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            try await cache.store.update(cache.key, set: ["a": 3])
            commands.fail(nil)
            #expect(try await core.update(.test("session-2"), ["b": 1]).cache == .published)
            try await cache.wait { commands.scripts.contains(.replay) }
            await core.shutdown()
            #expect(try await cache.state() == "L")
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 3])
        }
    }

    @Test("a replay during a later write leaves that write's intent, and its entry is stored", arguments: [false, true])
    func racing(isTablePassed: Bool) async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            let gate = isTablePassed ? cache.base.holdAnswersToWrites() : cache.base.holdWrites()
            async let writing = cache.store.update(cache.key, set: ["a": 3])
            try await gate.waitForArrivals(1)
            commands.fail(nil)
            await core.shutdown()
            #expect(commands.scripts.last == .replay)
            #expect(try await cache.state() == "W")
            gate.open()
            #expect(try await writing.cache == .published)
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 3])
        }
    }

    @Test("a later write of the same process that is published takes its place")
    func obsolete() async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            commands.fail([.replay], .timedOut)
            #expect(try await core.update(cache.key, ["a": 3]).cache == .published)
            let replays = commands.scripts.filter { $0 == .replay }.count
            commands.fail(nil)
            await core.shutdown()
            #expect(commands.scripts.filter { $0 == .replay }.count <= replays + 1)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 3])
        }
    }

    @Test("an orderly end tells what waits; a write that was for certain not announced is not forgotten with the process")
    func shutdown() async throws {
        try await self.withPendingWrite { (cache, core, commands) async throws in
            commands.fail(nil)
            await core.shutdown()
            #expect(try await cache.state() == nil)
            #expect(await code { try await core.read(cache.key) } == .closed, "no load is begun after the end")
        }
    }

    @Test("killing and restarting redis-server: what it lost of a write is told when it is back")
    func restarted() async throws {
        let options = ["--appendonly", "yes", "--appendfsync", "always"]
        try await CacheUnderTest.run(options: options) { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.redis.server.kill()
            #expect(try await cache.store.update(cache.key, set: ["a": 2]).cache == .pending)
            try cache.redis.server.restart()
            try await cache.waitForRedis()
            #expect(try await cache.state() == "L", "the older entry is on its disk")
            try await cache.wait {
                cache.clock.advance(by: .milliseconds(100))
                return try await cache.state() == nil
            }
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            await cache.store.shutdown()
        }
    }
}
