import CacheStore
import CoreMetrics
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

/// What operators look at: each metric moves when, and only when, what it is named for happens.
@Suite("metrics of a cache", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct MetricsTests {
    private static func run(
        configure: @escaping (inout CacheConfiguration) -> Void = { _ in }, _ body: (CacheUnderTest, MetricsRecorder) async throws -> Void
    ) async throws {
        let meters = MetricsRecorder()
        try await withMetricsFactory(meters) {
            try await CacheUnderTest.run(configure: configure) { (cache) async throws in try await body(cache, meters) }
        }
        // Whatever was told, no session, user or key is in a label.
        let rooms = ["bedrock_sessions.cache.", "bedrock_sessions.redis."]
        #expect(meters.names.allSatisfy { name in rooms.contains { name.hasPrefix($0) } && !name.contains("session-") })
    }

    @Test("reads by what the cache had, loads of the table, and the capacity that it was spared")
    func reads() async throws {
        try await Self.run { cache, meters in
            func read(_ outcome: String) -> Double { meters["bedrock_sessions.cache.reads outcome=\(outcome)"] }
            try await cache.writeBehind(["a": 1])
            for _ in 0..<3 { #expect(try await cache.store.session(cache.key) != nil) }
            #expect(read("miss") == 1 && read("hit") == 2)
            #expect(meters["bedrock_sessions.cache.loads"] == 1)
            #expect(meters["bedrock_sessions.cache.capacity_saved"] == 2)
            let missing = SessionKey.test("session-2")
            for _ in 0..<2 { #expect(try await cache.store.session(missing) == nil) }
            #expect(read("absent") == 1)
            try await cache.store.delete(cache.key)
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(read("tombstone") == 1)
            #expect(meters["bedrock_sessions.cache.capacity_saved"] == 4)
            try await cache.redis.put(cache.redisKey, Array("nonsense".utf8))
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(read("bad") == 1)
            #expect(meters["bedrock_sessions.cache.stale_answers"] == 0 && meters["bedrock_sessions.cache.fills_refused"] == 0)
            for command in ["get", "lease", "fill", "intent", "publish"] {
                #expect(meters["bedrock_sessions.cache.request_duration command=\(command)"] > 0, "\(command) took no time")
            }
            #expect(meters["bedrock_sessions.redis.connections_opened"] >= 1)
            #expect(meters["bedrock_sessions.redis.connections"] >= 1)
            await cache.store.shutdown()
            await cache.redis.client.close()
            #expect(meters["bedrock_sessions.redis.connections"] == 0)
        }
    }

    @Test("reads that share a load, and keys of one batch")
    func shared() async throws {
        try await Self.run { cache, meters in
            try await cache.writeBehind(["a": 1])
            let gate = cache.base.holdReads()
            let first = Task { try await cache.store.session(cache.key) }
            try await gate.waitForArrivals(1)
            let second = Task { try await cache.store.session(cache.key) }
            try await cache.wait { meters["bedrock_sessions.cache.loads_deduplicated"] == 1 || gate.arrivals == 2 }
            cache.base.passReads()
            gate.open()
            #expect(try await first.value != nil)
            #expect(try await second.value != nil)
            #expect(meters["bedrock_sessions.cache.loads"] + meters["bedrock_sessions.cache.loads_deduplicated"] == 2)
            let keys = (2...6).map { SessionKey.test("session-\($0)") }
            _ = try await cache.store.read(batch: keys, as: .anonymous, consistency: .cached)
            #expect(meters["bedrock_sessions.cache.loads_batched"] == 5)
            await cache.store.shutdown()
        }
    }

    @Test("writes by what became of their announcement, and those that were refused", arguments: [true, false])
    func writes(consistent: Bool) async throws {
        try await Self.run(configure: { if consistent { $0.writePolicy = .consistent } }) { cache, meters in
            try await cache.store.update(cache.key, set: ["a": 1])
            #expect(meters["bedrock_sessions.cache.publishes outcome=stored"] == 1)
            cache.redis.server.kill()
            let written = await code { try await cache.store.update(cache.key, set: ["a": 2]) }
            #expect(written == (consistent ? .unavailable : nil))
            #expect(meters["bedrock_sessions.cache.writes_refused"] == (consistent ? 1 : 0))
            #expect(meters["bedrock_sessions.cache.publishes outcome=pending"] == (consistent ? 0 : 1))
            #expect(meters["bedrock_sessions.cache.replays_waiting"] == (consistent ? 0 : 1))
            await cache.store.shutdown()
        }
    }

    @Test("late announcements: those that wait, those that failed once more, and those that were sent")
    func replays() async throws {
        try await Self.run { cache, meters in
            let (core, commands) = try cache.interruptible()
            commands.fail(.unavailable)
            #expect(try await core.update(cache.key, ["a": 1]).cache == .pending)
            #expect(meters["bedrock_sessions.cache.replays_waiting"] == 1)
            commands.fail([.replay], .unavailable)
            _ = try await core.update(.test("session-2"), ["b": 1])
            try await cache.wait { meters["bedrock_sessions.cache.replays outcome=failed"] == 1 }
            #expect(meters["bedrock_sessions.cache.replays outcome=sent"] == 0)
            commands.fail(nil)
            try await cache.wait {
                // Only for somebody who waits: an announcement that nobody had time to send for a minute is given up.
                if cache.clock.sleeperCount > 0 { cache.clock.advance(by: .seconds(1)) }
                return meters["bedrock_sessions.cache.replays outcome=sent"] == 1
            }
            try await cache.wait { meters["bedrock_sessions.cache.replays_waiting"] == 0 }
            await core.shutdown()
        }
    }

    @Test("a table that is down: its breaker's state and changes, and the answers that are older than usual")
    func breakers() async throws {
        try await Self.run { cache, meters in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(61))
            cache.base.fail(reads: .outage)
            for _ in 0..<6 { #expect(try await cache.store.session(cache.key)?.origin == .stale(age: .seconds(61))) }
            #expect(meters["bedrock_sessions.cache.stale_answers"] == 6)
            #expect(meters["bedrock_sessions.cache.breaker_state tier=table"] == 2)
            #expect(meters["bedrock_sessions.cache.breaker_changes tier=table to=opened"] == 1)
            cache.base.fail(reads: nil)
            cache.clock.advance(by: .seconds(2))
            try await cache.wait { try await cache.store.session(cache.key)?.origin == .table }
            #expect(meters["bedrock_sessions.cache.breaker_state tier=table"] == 0)
            #expect(meters["bedrock_sessions.cache.breaker_changes tier=table to=closed"] == 1)
            #expect(meters["bedrock_sessions.cache.breaker_changes tier=cache to=opened"] == 0)
            await cache.store.shutdown()
        }
    }

    @Test("renewals behind an answer, and loads whose result came too late to be stored")
    func renewals() async throws {
        try await Self.run { cache, meters in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(31))
            #expect(try await cache.store.session(cache.key) != nil)
            try await cache.wait { meters["bedrock_sessions.cache.refreshes"] == 1 }
            // Its question has been asked: the gate is for the next one.
            try await cache.wait { cache.base.reads == 1 }
            let other = SessionKey.test("session-2")
            try await cache.writeBehind(["b": 1], to: other)
            let gate = cache.base.holdReads()
            let reading = Task { try await cache.store.session(other) }
            try await gate.waitForArrivals(1)
            cache.base.passReads()
            try await cache.store.update(other, set: ["b": 2])
            gate.open()
            _ = try await reading.value
            try await cache.wait { meters["bedrock_sessions.cache.fills_refused"] == 1 }
            await cache.store.shutdown()
        }
    }

    @Test("entries that are not believed, by the reason")
    func refusedEntries() async throws {
        try await Self.run(configure: { $0.seal = .test() }) { cache, meters in
            try await cache.store.update(cache.key, set: ["a": 1])
            var bytes = try #require(try await cache.redis.get(cache.redisKey))
            bytes[bytes.count - 1] ^= 1
            try await cache.redis.put(cache.redisKey, bytes)
            #expect(try await cache.store.session(cache.key)?.origin == .table)
            #expect(meters["bedrock_sessions.cache.entries_refused reason=notAuthentic"] == 1)
            await cache.store.shutdown()
        }
    }
}
