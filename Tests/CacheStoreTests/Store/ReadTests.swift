import CacheStore
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("cached reads", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ReadTests {
    @Test("the first read asks the table, the next ones the cache; the key ends with the item")
    func readThrough() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["wallet_address": "0x1"])
            let first = try #require(try await cache.store.session(cache.key))
            #expect(first.origin == .table)
            #expect(try await cache.redis.end(cache.redisKey) == first.expiration?.milliseconds)
            cache.clock.advance(by: .seconds(7))
            var second = try #require(try await cache.store.session(cache.key))
            #expect(second.origin == .cache(age: .seconds(7)))
            second.origin = .table
            #expect(second == first)
            #expect(cache.base.reads == 1)
        }
    }

    @Test("no such session is kept for five seconds, then asked for again")
    func absent() async throws {
        try await CacheUnderTest.run { cache in
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(cache.base.reads == 1)
            let left = try await cache.redis.timeLeft(cache.redisKey)
            #expect((1...5000).contains(left))
            cache.clock.advance(by: .seconds(5))
            try await cache.writeBehind(["a": 1])
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
        }
    }

    @Test("a session that has ended is not read, wherever it still is")
    func expiry() async throws {
        try await CacheUnderTest.run(timeToLive: .seconds(100)) { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(99))
            #expect(try await cache.store.session(cache.key) != nil)
            cache.clock.advance(by: .seconds(1))
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(try await cache.store.touch(cache.key).changed == false)
            #expect(try await cache.store.session(cache.key) == nil)
        }
    }

    @Test("an old entry is checked before it answers, and replaced by what the table says")
    func recheck() async throws {
        try await CacheUnderTest.run(configure: { $0.refresh = .inline }) { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.writeBehind(["a": 2])
            cache.clock.advance(by: .seconds(30))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            cache.clock.advance(by: .seconds(30))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1], "the bound of programs that write past the cache")
            cache.clock.advance(by: .milliseconds(1))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            #expect(cache.base.reads == 1)
            try await cache.base.memory.delete(cache.key)
            cache.clock.advance(by: .seconds(61))
            #expect(try await cache.store.session(cache.key) == nil)
            #expect(try await cache.state() == "A")
        }
    }

    @Test("strong reads go to the table")
    func strong() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.writeBehind(["a": 2])
            #expect(try await cache.store.session(cache.key, consistency: .strong)?.data == ["a": 2])
            let batch = try await cache.store.read(batch: [cache.key], as: .anonymous, consistency: .strong)
            #expect(try batch[cache.key]?.get()?.data == ["a": 2])
        }
    }

    @Test("an outage of the table throws; it never looks like no session, and is not remembered")
    func outage() async throws {
        try await CacheUnderTest.run { cache in
            cache.base.failReads(.outage)
            await #expect(throws: SessionStoreError.outage) { try await cache.store.session(cache.key) }
            #expect(try await cache.state() == "R")
            #expect(try await cache.store.session(cache.key) == nil, "the next read asks again")
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(61))
            cache.base.failReads(.outage)
            #expect(try await cache.store.session(cache.key)?.origin == .stale(age: .seconds(61)))
        }
    }

    @Test("an owned session answers its owner and operators, cached or not")
    func ownership() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.base.memory.update(cache.key, set: ["a": 1], as: .test("ann"))
            for _ in 1...2 {
                for caller in [Caller.test("bob"), .anonymous] {
                    #expect(await code { try await cache.store.session(cache.key, as: caller) } == .notOwner)
                }
                for caller in [Caller.test("ann"), .asOperator] {
                    #expect(try await cache.store.session(cache.key, as: caller)?.data == ["a": 1])
                }
            }
            #expect(cache.base.reads == 1)
        }
    }

    @Test("the memory of a user answers nobody else, whether it exists or not")
    func memory() async throws {
        try await CacheUnderTest.run { cache in
            let key = SessionKey.user(try UserID("ann"))
            #expect(await code { try await cache.store.session(key, as: .test("bob")) } == .notOwner)
            #expect(try await cache.store.session(key, as: .test("ann")) == nil)
            #expect(try await cache.redis.get(bytes("bs1:sessions:user#ann"))?.first == UInt8(ascii: "A"))
        }
    }

    @Test("a bad entry is a miss, and is replaced", arguments: [bytes(""), bytes("garbage"), bytes("L123"), Cell.live, bytes("W1")])
    func badEntry(bad: [UInt8]) async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            try await cache.redis.put(cache.redisKey, bad)
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
        }
    }

    @Test("a key of another type is a miss, and is replaced")
    func foreign() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            try await cache.redis.send("RPUSH", "bs1:sessions:session-1", "x")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
        }
    }

    @Test("a session that is too large is read from the table each time")
    func tooLarge() async throws {
        try await CacheUnderTest.run { cache in
            let data: SessionData = ["a": .string(String(repeating: "x", count: 70_000))]
            try await cache.store.update(cache.key, set: data)
            for _ in 1...2 {
                let session = try #require(try await cache.store.session(cache.key))
                #expect(session.origin == .table)
                #expect(session.data == data)
            }
            #expect(try await cache.state() == "R")
        }
    }

    @Test("a batch answers each distinct key by itself")
    func batch() async throws {
        try await CacheUnderTest.run(configure: { $0.batchConcurrency = 3 }) { cache in
            let keys = (0..<20).map { SessionKey.test("session-\($0)") }
            for key in keys.prefix(10) { try await cache.base.memory.update(key, set: ["a": 1]) }
            try await cache.base.memory.update(keys[19], set: ["a": 2], as: .test("ann"))
            for _ in 1...2 {
                let answers = try await cache.store.read(batch: keys + keys, as: .test("bob"), consistency: .cached)
                #expect(answers.count == 20)
                for key in keys.prefix(10) { #expect(try answers[key]?.get()?.data == ["a": 1]) }
                for key in keys[10..<19] { #expect(try answers[key]?.get() == .some(nil)) }
                #expect { try answers[keys[19]]?.get() } throws: { ($0 as? SessionStoreError)?.code == .notOwner }
            }
            #expect(cache.base.reads == 1, "one question for all, and none for what it answered")
            #expect(cache.base.batches.map(Set.init) == [Set(keys)])
            #expect(try await cache.store.read(batch: [], as: .anonymous, consistency: .cached).isEmpty)
        }
    }

    @Test("one tier alone can be looked at")
    func peek() async throws {
        try await CacheUnderTest.run { cache in
            #expect(try await cache.store.cachedSession(cache.key, as: .asOperator) == nil)
            try await cache.store.update(cache.key, set: ["a": 1], as: .test("ann"))
            cache.clock.advance(by: .seconds(90))
            #expect(try await cache.store.cachedSession(cache.key, as: .asOperator)?.origin == .cache(age: .seconds(90)))
            #expect(await code { try await cache.store.cachedSession(cache.key, as: .anonymous) } == .notOwner)
            cache.redis.server.kill()
            #expect(await code { try await cache.store.cachedSession(cache.key, as: .asOperator) } == .unavailable)
            #expect(cache.base.reads == 0)
        }
    }
}
