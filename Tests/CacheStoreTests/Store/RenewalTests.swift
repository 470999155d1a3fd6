import CacheStore
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite(
    "entries that are renewed behind their answers", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
    .timeLimit(.minutes(2)))
struct RenewalTests {
    @Test("from half of revalidateAfter on, by one flight, dated before its question")
    func background() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.writeBehind(["a": 2])
            cache.clock.advance(by: .seconds(30))
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .seconds(30)))
            #expect(cache.base.reads == 0)
            cache.clock.advance(by: .seconds(1))
            let gate = cache.base.holdReads()
            for _ in 0..<50 { #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .seconds(31))) }
            try await gate.waitForArrivals(1)
            for _ in 0..<50 { #expect(try await cache.store.session(cache.key)?.data == ["a": 1]) }
            #expect(cache.base.reads == 1, "one flight a key")
            cache.clock.advance(by: .seconds(2))
            gate.open()
            try await cache.wait { try await cache.store.session(cache.key)?.origin == .cache(age: .seconds(2)) }
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            // A read that was under way when the flight ended may have begun another.
            #expect(cache.base.reads <= 2)
            await cache.store.shutdown()
        }
    }

    @Test("what the table says is stored, be its version lower, absent or none at all", arguments: ["lower", "versionless", "absent"])
    func anyVersion(kind: String) async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            let entry = try await cache.redis.get(cache.redisKey)
            switch kind {
            case "lower": cache.base.answer(with: Session(key: cache.key, data: ["a": 0], version: SessionVersion(1)))
            case "versionless": cache.base.answer(with: Session(key: cache.key, data: ["a": 0]))
            default: try await cache.base.memory.delete(cache.key)
            }
            cache.clock.advance(by: .seconds(31))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            try await cache.wait { try await cache.redis.get(cache.redisKey) != entry }
            #expect(try await cache.store.session(cache.key)?.data == (kind == "absent" ? nil : ["a": 0]))
            await cache.store.shutdown()
        }
    }

    @Test("a renewal stores nothing over a write that came meanwhile, and fails quietly")
    func superseded() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(31))
            let gate = cache.base.holdReads()
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            try await gate.waitForArrivals(1)
            try await cache.store.update(cache.key, set: ["a": 2])
            gate.open()
            await cache.store.shutdown()
            #expect(try await cache.peer().session(cache.key)?.data == ["a": 2])
            #expect(cache.base.reads == 1)
        }
    }

    @Test("a failed renewal costs nobody an answer")
    func failure() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(31))
            cache.base.fail(reads: .outage)
            for _ in 0..<20 { #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .seconds(31))) }
            try await cache.wait { cache.base.reads > 0 }
            await cache.store.shutdown()
        }
    }

    @Test("inline, nothing goes on behind an answer: the read that finds the entry too old checks it")
    func inline() async throws {
        try await CacheUnderTest.run(configure: { $0.refresh = .inline }) { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.writeBehind(["a": 2])
            cache.clock.advance(by: .seconds(60))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            await cache.store.shutdown()
            #expect(cache.base.reads == 0)
        }
    }

    @Test("an entry of a server that was restarted is checked, blocking, by those who saw it and by those who did not")
    func epoch() async throws {
        try await CacheUnderTest.run(options: ["--appendonly", "yes", "--appendfsync", "always"]) { (cache) async throws in
            let other = SessionKey.test("session-2")
            for key in [cache.key, other] {
                try await cache.store.update(key, set: ["a": 1])
                try await cache.writeBehind(["a": 2], to: key)
            }
            try await cache.redis.send("CLIENT", "KILL", "TYPE", "normal")
            try await cache.waitForRedis()
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1], "another connection to the same server")
            cache.redis.server.kill()
            try cache.redis.server.restart()
            try await cache.waitForRedis()
            #expect(try await cache.state() == "L")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            #expect(try await cache.peer().session(other)?.data == ["a": 2])
            #expect(try await cache.peer().session(other)?.origin == .cache(age: .zero))
        }
    }

    @Test("where Redis hides who it is, entries have no epoch and answer all the same")
    func hidden() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.redis.send("ACL", "SETUSER", "default", "-info")
            try await cache.redis.send("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
            try await cache.waitForRedis()
            // The first writes may meet the connection that ends, and one whose intent did leaves no entry behind.
            var epoch: UInt64?
            while epoch == nil {
                try Task.checkCancellation()
                try await cache.store.update(cache.key, set: ["a": 1])
                if case .entry(let entry) = Decoded(try await cache.redis.get(cache.redisKey), key: cache.key) { epoch = entry.epoch }
            }
            #expect(epoch == 0)
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
        }
    }
}
