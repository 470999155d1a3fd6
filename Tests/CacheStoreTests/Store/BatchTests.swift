import CacheStore
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("batch reads", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct BatchTests {
    private let keys = (0..<10).map { SessionKey.test("session-\($0)") }

    @Test("what the cache has is not asked for again; the rest is asked for once, in order, and fills")
    func misses() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            for key in self.keys { try await cache.writeBehind(["a": 1], to: key) }
            for key in self.keys.prefix(4) { _ = try await cache.store.session(key) }
            let answers = try await cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached)
            #expect(
                self.keys.map { try? answers[$0]?.get()?.origin } == Array(repeating: .cache(age: .zero), count: 4)
                    + Array(repeating: .table, count: 6))
            #expect(cache.base.batches == [Array(self.keys[4...])])
            let again = try await cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached)
            #expect(self.keys.allSatisfy { (try? again[$0]?.get()?.origin) == .cache(age: .zero) })
            #expect(cache.base.batches.count == 1)
        }
    }

    @Test("single reads join the batch's load by its lease, and batches join the loads of others")
    func joining() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            for key in self.keys { try await cache.writeBehind(["a": 1], to: key) }
            let gate = cache.base.holdReads()
            async let first = cache.store.session(self.keys[0])
            try await gate.waitForArrivals(1)
            async let batch = cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached)
            try await gate.waitForArrivals(2)
            async let last = cache.store.session(self.keys[9])
            try await cache.waitForWaitingReads(12)
            gate.open()
            #expect(try await [first, last].allSatisfy { $0?.data == ["a": 1] })
            #expect(try await batch.values.allSatisfy { (try? $0.get()?.data) == ["a": 1] })
            #expect(cache.base.reads == 2)
            #expect(cache.base.batches.map(Set.init) == [Set(self.keys.dropFirst())])
        }
    }

    @Test("a batch that starts after a write was acknowledged does not join an older load")
    func noStaleRead() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            for key in self.keys { try await cache.writeBehind(["a": 1], to: key) }
            let gate = cache.base.holdReads()
            async let old = cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached)
            try await gate.waitForArrivals(1)
            cache.base.passReads()
            for key in self.keys { try await cache.peer().update(key, set: ["a": 2]) }
            try await cache.redis.send("FLUSHALL")
            let new = try await cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached)
            #expect(new.values.allSatisfy { (try? $0.get()?.data) == ["a": 2] })
            gate.open()
            _ = try await old
            #expect(try await cache.store.session(self.keys[0])?.data == ["a": 2], "the old answers were not stored")
        }
    }

    @Test("a cancelled batch leaves; its load goes on and fills")
    func cancelled() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            for key in self.keys { try await cache.writeBehind(["a": 1], to: key) }
            let gate = cache.base.holdReads()
            let batch = Task { try await cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached) }
            try await gate.waitForArrivals(1)
            batch.cancel()
            let answers = try await batch.value
            for key in self.keys { #expect(throws: SessionStoreError.self) { try answers[key]?.get() } }
            gate.open()
            try await cache.wait { try await cache.store.session(self.keys[9])?.origin == .cache(age: .zero) }
        }
    }

    @Test("with Redis down a batch is one question to the table")
    func redisDown() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            for key in self.keys { try await cache.writeBehind(["a": 1], to: key) }
            cache.redis.server.kill()
            for _ in 1...3 {
                let answers = try await cache.store.read(batch: self.keys, as: .anonymous, consistency: .cached)
                #expect(answers.values.allSatisfy { (try? $0.get()?.data) == ["a": 1] })
            }
            #expect(cache.base.batches.count == 3)
        }
    }

    @Test("an item of another program with version 0 is cached, as one without a version")
    func versionZero() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            cache.base.answer(with: Session(key: cache.key, data: ["a": 1], version: SessionVersion(0)))
            #expect(try await cache.store.session(cache.key)?.version == SessionVersion(0))
            let cached = try #require(try await cache.store.session(cache.key))
            #expect(cached.origin == .cache(age: .zero))
            #expect(cached.version == nil)
            #expect(cache.base.reads == 1)
            cache.base.answer(with: Session(key: cache.key, data: ["a": 1], version: SessionVersion(-1)))
            cache.clock.advance(by: .seconds(61))
            for _ in 1...2 { #expect(try await cache.store.session(cache.key)?.origin == .table) }
        }
    }
}
