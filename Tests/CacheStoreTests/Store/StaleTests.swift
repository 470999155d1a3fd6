import CacheStore
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite(
    "a table that does not answer", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2))
)
struct StaleTests {
    @Test("entries due for a check answer with their age; a miss throws; writes throw")
    func outage() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(600))
            for error in [SessionStoreError(.unavailable, ""), SessionStoreError(.throttled, ""), SessionStoreError(.deadlineExceeded, "")]
            {
                cache.base.fail(reads: error)
                let session = try #require(try await cache.store.session(cache.key))
                #expect(session.origin == .stale(age: .seconds(600)))
                #expect(session.data == ["a": 1])
                await #expect(throws: error) { try await cache.store.session(.test("session-2")) }
            }
            for error in [
                SessionStoreError(.accessDenied, ""), SessionStoreError(.malformedItem, ""), SessionStoreError(.tableMissing, ""),
            ] {
                cache.base.fail(reads: error)
                await #expect(throws: error) { try await cache.store.session(cache.key) }
            }
            cache.base.failWrites(.outage)
            await #expect(throws: SessionStoreError.outage) { try await cache.store.update(cache.key, set: ["a": 2]) }
            cache.base.fail(reads: nil)
            #expect(try await cache.store.session(cache.key)?.origin == .table)
        }
    }

    @Test("never an expired one, never nil, never another user's")
    func bounds() async throws {
        try await CacheUnderTest.run(timeToLive: .seconds(100)) { (cache) async throws in
            try await cache.base.memory.update(cache.key, set: ["a": 1], as: .test("ann"))
            #expect(try await cache.store.session(cache.key, as: .test("ann")) != nil)
            let deleted = SessionKey.test("session-2")
            try await cache.store.update(deleted, set: ["a": 1])
            try await cache.store.delete(deleted)
            cache.base.fail(reads: .outage)
            cache.clock.advance(by: .seconds(99))
            #expect(try await cache.store.session(cache.key, as: .test("ann"))?.origin == .stale(age: .seconds(99)))
            #expect(await code { try await cache.store.session(cache.key, as: .test("bob")) } == .notOwner)
            #expect(await code { try await cache.store.session(deleted) } == .unavailable, "a nil could not be labelled")
            cache.clock.advance(by: .seconds(1))
            #expect(await code { try await cache.store.session(cache.key, as: .test("ann")) } == .unavailable)
        }
    }

    @Test("a batch answers each session by itself")
    func batch() async throws {
        try await CacheUnderTest.run { (cache) async throws in
            let missing = SessionKey.test("session-2")
            let young = SessionKey.test("session-3")
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(61))
            try await cache.store.update(young, set: ["a": 3])
            cache.base.fail(reads: .outage)
            let answers = try await cache.store.read(batch: [cache.key, missing, young], as: .anonymous, consistency: .cached)
            #expect(try answers[cache.key]?.get()?.origin == .stale(age: .seconds(61)))
            #expect(try answers[young]?.get()?.origin == .cache(age: .zero))
            #expect(throws: SessionStoreError.outage) { try answers[missing]?.get() }
            #expect(cache.base.reads == 1)
        }
    }

    @Test("a read waits for its budget and no longer, then throws, or answers stale; the load goes on and fills")
    func deadline() async throws {
        // The cache may take all of it in this test: what is left to the table is half of five seconds.
        try await CacheUnderTest.run { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.clock.advance(by: .seconds(61))
            let missing = SessionKey.test("session-2")
            try await cache.writeBehind(["b": 1], to: missing)
            let gate = cache.base.holdReads()
            let late = Task { try await cache.store.session(missing) }
            let stale = Task { try await cache.store.session(cache.key) }
            try await gate.waitForArrivals(2)
            await cache.clock.waitForSleepers()
            cache.clock.advance(by: .milliseconds(2500))
            #expect(await code { try await late.value } == .deadlineExceeded)
            #expect(try await stale.value?.origin == .stale(age: .milliseconds(63_500)))
            gate.open()
            try await cache.wait { try await cache.store.session(missing)?.origin == .cache(age: .milliseconds(2500)) }
            await cache.store.shutdown()
        }
    }

    @Test("an entry of another server answers stale while the table is out, and is checked when it is back")
    func otherServer() async throws {
        try await CacheUnderTest.run(options: ["--appendonly", "yes", "--appendfsync", "always"]) { (cache) async throws in
            try await cache.store.update(cache.key, set: ["a": 1])
            cache.redis.server.kill()
            try cache.redis.server.restart()
            try await cache.waitForRedis()
            cache.clock.advance(by: .seconds(2))
            cache.base.fail(reads: .outage)
            #expect(try await cache.store.session(cache.key)?.origin == .stale(age: .seconds(2)))
            cache.base.fail(reads: nil)
            #expect(try await cache.store.session(cache.key)?.origin == .table)
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
        }
    }
}
