import CacheStore
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("cached writes", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct WriteTests {
    @Test("a write is in the cache when it is acknowledged, ending with the item")
    func published() async throws {
        try await CacheUnderTest.run { cache in
            let result = try await cache.store.update(cache.key, set: ["a": 1])
            #expect(result.cache == .published)
            #expect(result.changed)
            #expect(try await cache.redis.end(cache.redisKey) == result.session?.expiration?.milliseconds)
            let session = try #require(try await cache.store.session(cache.key))
            #expect(session.origin == .cache(age: .zero))
            #expect(session.version == result.version)
            #expect(cache.base.reads == 0)
        }
    }

    @Test("the entry that the intent replaced tells the table's condition")
    func basis() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            let version = try await cache.store.update(cache.key, set: ["b": 2]).version
            try await cache.store.delete(cache.key)
            try await cache.store.update(cache.key, set: ["c": 3])
            let bases = cache.base.writes.map(\.basis)
            #expect(bases[0] == .unknown)
            #expect(bases[2] == .live(version))
            guard case .live = bases[1], case .deleted = bases[3] else {
                Issue.record("\(bases)")
                return
            }
        }
    }

    @Test("a deletion leaves a tombstone for an hour at most")
    func deletion() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.store.delete(cache.key)
            #expect(try await cache.state() == "T")
            let left = try await cache.redis.timeLeft(cache.redisKey)
            #expect((3_000_000...3_600_000).contains(left))
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(cache.base.reads == 0)
            #expect(try await cache.store.delete(cache.key).changed == false)
            #expect(try await cache.state() == nil, "nothing was written: the intent is taken back")
        }
    }

    @Test("while a write is under way, readers ask the table and store nothing")
    func intent() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            let gate = cache.base.holdWrites()
            let clock = SystemClock()
            let before = clock.now.milliseconds
            async let writing = cache.store.update(cache.key, set: ["a": 2])
            try await gate.waitForArrivals(1)
            #expect(try await cache.state() == "W")
            // Exactly the intent time after the instant at which Redis took it, however slow the machine.
            #expect((before + 15_000...clock.now.milliseconds + 15_000).contains(try await cache.redis.end(cache.redisKey)))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await cache.state() == "W")
            gate.open()
            _ = try await writing
            #expect(try await cache.state() == "L")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
        }
    }

    @Test("of two writers the last one decides, by version")
    func twoWriters() async throws {
        try await CacheUnderTest.run { cache in
            let gate = cache.base.holdAnswersToWrites()
            let other = try cache.peer()
            async let first = cache.store.update(cache.key, set: ["a": 1])
            try await gate.waitForArrivals(1)
            cache.base.passAnswersToWrites()
            #expect(try await other.update(cache.key, set: ["b": 2]).cache == .published)
            #expect(try await cache.state() == "W", "the first writer is still at work")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1, "b": 2])
            gate.open()
            _ = try await first
            #expect(try await cache.state() == nil, "its version is not the highest: the next reader fills")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1, "b": 2])
        }
    }

    @Test("a write that the table refused takes its intent back")
    func withdrawn() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1], as: .test("ann"))
            #expect(await code { try await cache.store.update(cache.key, set: ["a": 2], as: .test("bob")) } == .notOwner)
            #expect(try await cache.state() == nil)
            #expect(try await cache.store.session(cache.key, as: .test("ann"))?.data == ["a": 1])
        }
    }

    @Test("a write of unknown outcome leaves its intent: readers ask the table until it ends")
    func unknownOutcome() async throws {
        try await CacheUnderTest.run { cache in
            cache.base.failWrites(SessionStoreError(.outcomeUnknown, "read before deciding"))
            #expect(await code { try await cache.store.update(cache.key, set: ["a": 1]) } == .outcomeUnknown)
            #expect(try await cache.state() == "W")
            try await cache.writeBehind(["a": 1])
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
        }
    }

    @Test("an intent lost in the middle of a write leaves no old entry behind")
    func evicted() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            let gate = cache.base.holdWrites()
            async let writing = cache.store.update(cache.key, set: ["a": 2])
            try await gate.waitForArrivals(1)
            try await cache.redis.send("FLUSHALL")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1], "fills with what is true now")
            #expect(try await cache.state() == "L")
            gate.open()
            #expect(try await writing.cache == .published)
            #expect(try await cache.state() == nil)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
        }
    }

    @Test("a process that was frozen announces again before it writes")
    func thawed() async throws {
        try await CacheUnderTest.run { cache in
            let gate = cache.base.holdWrites()
            async let writing = cache.store.update(cache.key, set: ["a": 1])
            try await gate.waitForArrivals(1)
            try await cache.redis.send("DEL", "bs1:sessions:session-1")
            cache.clock.advance(by: .seconds(3000))
            gate.open()
            _ = try await writing
            #expect(try await cache.state() == "L", "the second intent stood when the write was published")
        }
    }

    @Test("a write whose time is used up starts no further attempt")
    func budget() async throws {
        try await CacheUnderTest.run { cache in
            cache.base.attemptsPerWrite(2)
            let gate = cache.base.holdWrites()
            let writing = Task { try await cache.store.update(cache.key, set: ["a": 1]) }
            try await gate.waitForArrivals(1)
            cache.clock.advance(by: .seconds(5))
            gate.open()
            #expect(await code { try await writing.value } == .deadlineExceeded)
            let session = try await cache.store.session(cache.key)
            #expect(session == nil)
        }
    }

    @Test("a cancelled writer that had written tells the cache all the same")
    func cancelled() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            let gate = cache.base.holdAnswersToWrites()
            let writing = Task { try await cache.store.update(cache.key, set: ["a": 2]) }
            try await gate.waitForArrivals(1)
            writing.cancel()
            gate.open()
            #expect(try await writing.value.cache == .published)
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await cache.store.update(cache.key, set: ["a": 3])
            }
            #expect(await code { try await late.value } == .cancelled)
            #expect(cache.base.writes.count == 2)
        }
    }
}
