import CacheStore
import CoreMetrics
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("tiers that are down", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct BreakerTests {
    @Test("with Redis down reads go straight to the table, but for one per interval, and its first answer brings the cache back")
    func reads() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            let (core, commands) = try cache.interruptible()
            try await core.update(cache.key, ["a": 1])
            commands.fail(.timedOut)
            for count in 1...3 {
                #expect(try await core.read(cache.key)?.origin == .table)
                #expect(commands.gets == count)
            }
            for _ in 0..<100 { #expect(try await core.read(cache.key)?.origin == .table) }
            #expect(commands.gets == 3, "nobody waits for Redis now")
            for probes in 1...3 {
                cache.clock.advance(by: .milliseconds(500))
                for _ in 0..<10 { #expect(try await core.read(cache.key)?.origin == .table) }
                #expect(commands.gets == 3 + probes)
            }
            commands.fail(nil)
            #expect(try await core.read(cache.key)?.origin == .table, "before the next probe")
            cache.clock.advance(by: .milliseconds(500))
            for _ in 0..<2 { #expect(try await core.read(cache.key)?.origin == .cache(age: .seconds(2))) }
            await core.shutdown()
        }
    }

    @Test("a frozen redis-server costs three reads their deadline, and then one for each probe")
    func frozen() async throws {
        let meters = MetricsRecorder()
        try await withMetricsFactory(meters) {
            try await CacheUnderTest.run(commandTimeout: .milliseconds(50)) { (cache) async throws in
                try await cache.writeBehind(["a": 1])
                cache.redis.server.freeze()
                let start = ContinuousClock.now
                for _ in 0..<203 { #expect(try await cache.store.session(cache.key)?.data == ["a": 1]) }
                // On a busy machine time for probes goes by, which are 500 ms apart.
                let probes = Double((ContinuousClock.now - start) / .milliseconds(500))
                let waited = meters["bedrock_sessions.cache.reads outcome=failed"]
                #expect(waited >= 3 && waited <= 3 + probes.rounded(.up))
                #expect(waited + meters["bedrock_sessions.cache.reads outcome=skipped"] == 203)
                cache.redis.server.thaw()
            }
        }
    }

    @Test("writes go on telling the cache while it is down: one intent, one publish, no second attempt and no pause")
    func writes() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            let (core, commands) = try cache.interruptible()
            commands.fail(.connectionLost)
            for _ in 0..<3 { _ = try await core.read(cache.key) }
            for count in 1...5 {
                #expect(try await core.update(cache.key, ["a": 1]).cache == .pending)
                #expect(commands.scripts == Array(repeating: [CacheScript.intent, .publish], count: count).flatMap { $0 })
            }
            commands.fail(nil)
            #expect(try await core.update(cache.key, ["a": 2]).cache == .published)
            #expect(try await core.read(cache.key)?.origin == .cache(age: .zero), "a write's answer closes the breaker too")
            await core.shutdown()
        }
    }

    @Test("a publish is tried again while the breaker is closed, and not once it has opened")
    func retries() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            let (core, commands) = try cache.interruptible()
            commands.fail([.publish], .timedOut)
            let writing = Task { try await core.update(cache.key, ["a": 1]) }
            for pause in [10, 40] as [Int64] {
                await cache.clock.waitForSleepers()
                cache.clock.advance(by: .milliseconds(pause))
            }
            #expect(try await writing.value.cache == .pending)
            #expect(commands.scripts == [.intent, .publish, .publish, .publish], "the third failure in a row opened it")
            await core.shutdown()
        }
    }

    @Test("with the table down reads that need it fail at once, but for one per interval")
    func table() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            cache.base.fail(reads: .outage)
            for count in 1...5 {
                await #expect(throws: SessionStoreError.outage) { try await cache.store.session(.test("session-\(count)")) }
            }
            for _ in 0..<20 { #expect(await code { try await cache.store.session(cache.key) } == .unavailable) }
            #expect(cache.base.reads == 5)
            cache.clock.advance(by: .seconds(1))
            for _ in 0..<20 { #expect(await code { try await cache.store.session(cache.key) } == .unavailable) }
            #expect(cache.base.reads == 6)
            cache.base.fail(reads: nil)
            cache.clock.advance(by: .seconds(1))
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(try await cache.store.session(.test("session-9")) == nil)
        }
    }

    @Test("a write that the table took, and an answer that is no outage, show that the table works")
    func tableWorks() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            for error in [SessionStoreError(.throttled, ""), SessionStoreError(.malformedItem, ""), SessionStoreError(.overloaded, "")] {
                cache.base.fail(reads: error)
                for count in 1...7 { #expect(await code { try await cache.store.session(.test("session-\(count)")) } == error.code) }
            }
            #expect(cache.base.reads == 21)
            cache.base.fail(reads: .outage)
            for count in 1...6 { #expect(await code { try await cache.store.session(.test("session-\(count)")) } == .unavailable) }
            #expect(cache.base.reads == 26)
            cache.base.fail(reads: nil)
            try await cache.store.update(cache.key, set: ["a": 1])
            #expect(try await cache.store.session(.test("session-2")) == nil)
        }
    }

    @Test("a strong read, alone or of many, shows as well whether the table works", arguments: [true, false])
    func strongReads(alone: Bool) async throws {
        try await CacheUnderTest.run { (cache) async throws in
            let strong: () async throws -> Void = {
                if alone {
                    _ = try await cache.store.session(cache.key, consistency: .strong)
                } else {
                    _ = try await cache.store.read(batch: [cache.key], as: .anonymous, consistency: .strong)
                }
            }
            cache.base.fail(reads: .outage)
            for _ in 1...5 { #expect(await code { try await strong() } == .unavailable) }
            let asked = cache.base.reads
            #expect(await code { try await cache.store.session(.test("session-2")) } == .unavailable)
            #expect(cache.base.reads == asked, "five failures in a row are enough")
            cache.base.fail(reads: nil)
            try await strong()
            #expect(try await cache.store.session(.test("session-2")) == nil, "no probe has to be waited for")
        }
    }
}
