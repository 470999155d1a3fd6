import CacheStore
import SessionStore
import TestSupport
import Testing

@Suite("reads that share a load", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct FlightTests {
    @Test("ten thousand reads of one cold session ask the table once")
    func crowd() async throws {
        try await CacheUnderTest.run(commandTimeout: .seconds(50)) { cache in
            try await cache.writeBehind(["a": 1])
            let gate = cache.base.holdReads()
            let count = 10_000
            let answers = try await withThrowingTaskGroup(of: Session?.self) { group in
                for _ in 0..<count { group.addTask { try await cache.store.session(cache.key) } }
                try await cache.waitForWaitingReads(count)
                gate.open()
                return try await group.reduce(into: 0) { $0 += $1?.data == ["a": 1] ? 1 : 0 }
            }
            #expect(answers == count)
            #expect(cache.base.reads == 1)
        }
    }

    @Test(
        "a read that starts after a write was acknowledged never joins an older flight, whose fill is refused: it finds the write's entry, or asks",
        arguments: [false, true])
    func noStaleRead(isEntryGone: Bool) async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            let gate = cache.base.holdReads()
            async let old = cache.store.session(cache.key)
            try await gate.waitForArrivals(1)
            cache.base.passReads()
            #expect(try await cache.state() == "R")
            try await cache.peer().update(cache.key, set: ["a": 2])
            if isEntryGone { try await cache.redis.send("FLUSHALL") }
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2])
            gate.open()
            #expect(try await old?.data == ["a": 1], "it began before the write")
            #expect(try await cache.store.session(cache.key)?.data == ["a": 2], "the old answer was not stored")
            #expect(cache.base.reads == (isEntryGone ? 2 : 1))
        }
    }

    @Test("a read that finds the lease of a flight of its own process joins it")
    func joinByLease() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            let gate = cache.base.holdReads()
            async let first = cache.store.session(cache.key)
            try await gate.waitForArrivals(1)
            async let second = cache.store.session(cache.key)
            // The lease of another process's flight is not joined: that process's reader asks by itself.
            async let third = cache.peer().session(cache.key)
            try await gate.waitForArrivals(2)
            try await cache.waitForWaitingReads(2)
            gate.open()
            let answers = try await [first, second, third]
            #expect(answers.allSatisfy { $0?.data == ["a": 1] })
            #expect(cache.base.reads == 2)
        }
    }

    @Test("a cancelled caller leaves, the flight goes on for the others and fills")
    func cancelled() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            let gate = cache.base.holdReads()
            let first = Task { try await cache.store.session(cache.key) }
            try await gate.waitForArrivals(1)
            let second = Task { try await cache.store.session(cache.key) }
            try await cache.waitForWaitingReads(2)
            first.cancel()
            #expect(await code { try await first.value } == .cancelled)
            gate.open()
            #expect(try await second.value?.data == ["a": 1])
            #expect(try await cache.store.session(cache.key)?.origin == .cache(age: .zero))
            #expect(cache.base.reads == 1)
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await cache.store.session(.test("session-2"))
            }
            #expect(await code { try await late.value } == .cancelled)
        }
    }

    @Test("callers of one flight are admitted one by one")
    func ownership() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.base.memory.update(cache.key, set: ["a": 1], as: .test("ann"))
            let gate = cache.base.holdReads()
            let stranger = Task { try await cache.store.session(cache.key, as: .test("bob")) }
            try await gate.waitForArrivals(1)
            async let owner = cache.store.session(cache.key, as: .test("ann"))
            try await cache.waitForWaitingReads(2)
            gate.open()
            #expect(try await owner?.data == ["a": 1])
            #expect(await code { try await stranger.value } == .notOwner)
        }
    }

    @Test("a failed load fails all who wait for it, and nobody after them")
    func failure() async throws {
        try await CacheUnderTest.run { cache in
            try await cache.writeBehind(["a": 1])
            let gate = cache.base.holdReads()
            cache.base.failReads(.outage)
            let first = Task { try await cache.store.session(cache.key) }
            try await gate.waitForArrivals(1)
            cache.base.passReads()
            gate.open()
            await #expect(throws: SessionStoreError.outage) { try await first.value }
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
        }
    }
}
