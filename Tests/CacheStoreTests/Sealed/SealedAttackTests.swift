import CacheStore
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

/// What somebody with a Redis shell can do to a cache with keys: each attack by hand on a real server, with a table behind.
@Suite(
    "attacks on sealed entries", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
    .timeLimit(.minutes(2)))
struct SealedAttackTests {
    private static let alice = Caller.test("alice")
    private static let wallet: SessionData = ["wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]
    private static let other: SessionData = ["wallet_address": "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"]

    private static func run(_ keys: SealKeys = .test(), _ body: (CacheUnderTest) async throws -> Void) async throws {
        try await CacheUnderTest.run(
            configure: { configuration in
                configuration.seal = keys
                configuration.region = "eu-central-1"
                // Nothing behind an answer, so that each read says what it found.
                configuration.refresh = .inline
            }, body)
    }

    /// The bytes of a live entry of alice's, which a write has put there.
    private static func live(_ cache: CacheUnderTest, _ data: SessionData = wallet) async throws -> [UInt8] {
        try await cache.store.replace(cache.key, with: data, as: self.alice)
        return try #require(try await cache.redis.get(cache.redisKey))
    }

    /// Puts bytes into Redis and expects that the table answers what is read next.
    private func expectTable(
        _ cache: CacheUnderTest, _ planted: [UInt8], _ comment: Comment, is data: SessionData = wallet,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await cache.redis.put(cache.redisKey, planted)
        let session = try await cache.store.session(cache.key, as: Self.alice)
        #expect(session?.origin == .table, comment, sourceLocation: sourceLocation)
        #expect(session?.data == data, comment, sourceLocation: sourceLocation)
    }

    @Test("Redis holds a sealed entry, a cached read opens it, and nothing of the session can be seen there")
    func sealed() async throws {
        try await Self.run { cache in
            let live = try await Self.live(cache)
            #expect(live.first == UInt8(ascii: "L") && live[20] == 1)
            let text = String(decoding: live, as: UTF8.self)
            #expect(!text.contains("0x5aAeb") && !text.contains("wallet") && !text.contains("alice"))
            let session = try #require(try await cache.store.session(cache.key, as: Self.alice))
            #expect(session.data == Self.wallet && session.origin == .cache(age: .zero))
            #expect(await code { try await cache.store.session(cache.key, as: .test("bob")) } == .notOwner)
            try await cache.store.delete(cache.key, as: Self.alice)
            #expect(try await cache.redis.get(cache.redisKey).map { $0[20] } == 1, "a tombstone is sealed, too")
            #expect(try await cache.store.session(cache.key, as: Self.alice) == nil)
            #expect(cache.base.reads == 0)
        }
    }

    @Test("a flipped bit at any byte is answered from the table")
    func flippedBits() async throws {
        try await Self.run { cache in
            let live = try await Self.live(cache)
            for index in live.indices {
                var changed = try #require(try await cache.redis.get(cache.redisKey))
                changed[index] ^= 1 << UInt8(index % 8)
                try await self.expectTable(cache, changed, "byte \(index)")
                #expect(try await cache.store.session(cache.key, as: Self.alice)?.origin == .cache(age: .zero), "it was filled again")
            }
            #expect(cache.base.reads == live.count)
        }
    }

    @Test("an entry cut short anywhere is answered from the table")
    func cut() async throws {
        try await Self.run { cache in
            let live = try await Self.live(cache)
            for count in stride(from: 0, to: live.count, by: 7) {
                try await self.expectTable(cache, Array(live.prefix(count)), "\(count) bytes")
            }
            try await self.expectTable(cache, live + [0], "one more")
        }
    }

    @Test("an entry put under another session's key, table or region is answered from the table there")
    func swapped() async throws {
        try await Self.run { cache in
            let live = try await Self.live(cache)
            let mallory = SessionKey.test("session-2")
            try await cache.redis.put(bytes("bs1:sessions:session-2"), live)
            #expect(try await cache.store.session(mallory, as: Self.alice) == nil)
            try await cache.writeBehind(Self.other, to: mallory)
            try await cache.redis.put(bytes("bs1:sessions:session-2"), live)
            #expect(try await cache.store.session(mallory, as: Self.alice)?.data == Self.other)

            var elsewhere = cache.store.configuration
            elsewhere.table = "other"
            try await cache.redis.put(bytes("bs1:other:session-1"), live)
            #expect(try await cache.peer(elsewhere).session(cache.key, as: Self.alice)?.origin == .table)
            elsewhere = cache.store.configuration
            elsewhere.region = "us-east-1"
            try await cache.redis.put(cache.redisKey, live)
            #expect(try await cache.peer(elsewhere).session(cache.key, as: Self.alice)?.origin == .table)
        }
    }

    @Test("a forged absence or tombstone is answered from the table")
    func forgedAbsence() async throws {
        try await Self.run { cache in
            let live = try await Self.live(cache)
            let now = cache.clock.now
            let forged: [CacheEntry.Content] = [
                .absent(until: now + .seconds(60)), .tombstone(SessionVersion(.max), until: now + .seconds(3600)),
            ]
            for content in forged {
                let open = try #require(EntryEncoder.encode(CacheEntry(content, cachedAt: now, epoch: Self.epoch(live)), limit: 1000))
                try await self.expectTable(cache, open, "lying open")
                var header = open
                header[20] = 1
                try await self.expectTable(cache, header, "without a seal")
                try await self.expectTable(cache, header + [2] + bytes("k1") + [UInt8](repeating: 7, count: 40), "with a made-up seal")
                try await self.expectTable(cache, header + live[45..<72] + live.suffix(16), "with a seal of another entry")
                let stolen = try #require(try EntrySealer.test(.test(filledWith: 9)).seal(open, for: cache.key))
                try await self.expectTable(cache, stolen, "sealed under another key of the same name")
                let moved = try #require(try EntrySealer.test().seal(open, for: .test("session-2")))
                try await self.expectTable(cache, moved, "an authentic one of another session")
            }
            #expect(cache.base.reads == 12)
        }
    }

    @Test("a live entry that lies open is answered from the table, whatever it says")
    func forgedSession() async throws {
        try await Self.run { cache in
            let live = try await Self.live(cache)
            let session = Session(
                key: cache.key, data: Self.other, owner: try UserID("alice"), version: SessionVersion(.max),
                expiration: cache.clock.now + .seconds(600))
            let entry = CacheEntry(.live(session), cachedAt: cache.clock.now, epoch: Self.epoch(live))
            try await self.expectTable(cache, try #require(EntryEncoder.encode(entry, limit: 1000)), "a forged wallet")
        }
    }

    @Test("an absence kept from before the session was written answers until it ends, no longer")
    func replayedAbsence() async throws {
        try await Self.run { cache in
            #expect(try await cache.store.session(cache.key, as: Self.alice) == nil)
            let absent = try #require(try await cache.redis.get(cache.redisKey))
            _ = try await Self.live(cache)
            cache.clock.advance(by: .milliseconds(3999))
            try await cache.redis.put(cache.redisKey, absent)
            #expect(try await cache.store.session(cache.key, as: Self.alice) == nil, "the bound: five seconds, less its jitter")
            cache.clock.advance(by: .milliseconds(1001))
            try await self.expectTable(cache, absent, "it has ended")
        }
    }

    @Test("an old value put back answers no longer than revalidateAfter after it was sealed")
    func replay() async throws {
        try await Self.run { cache in
            let old = try await Self.live(cache)
            try await cache.store.replace(cache.key, with: Self.other, as: Self.alice)
            cache.clock.advance(by: .seconds(30))
            try await cache.redis.put(cache.redisKey, old)
            #expect(try await cache.store.session(cache.key, as: Self.alice)?.data == Self.wallet, "the bound, which the design allows")
            cache.clock.advance(by: .seconds(30))
            #expect(try await cache.store.session(cache.key, as: Self.alice)?.data == Self.wallet)
            cache.clock.advance(by: .milliseconds(1))
            for _ in 0..<3 {
                try await self.expectTable(cache, old, "put back again and again", is: Self.other)
                #expect(try await cache.store.session(cache.key, as: Self.alice)?.origin == .cache(age: .zero))
                cache.clock.advance(by: .seconds(100))
            }
        }
    }

    @Test("an old value put back under a write changes nothing of what is written", arguments: [false, true])
    func replayUnderWrite(tombstone: Bool) async throws {
        try await Self.run { cache in
            let first = try await Self.live(cache)
            try await cache.store.delete(cache.key, as: Self.alice)
            let deleted = try #require(try await cache.redis.get(cache.redisKey))
            #expect(deleted.first == UInt8(ascii: "T"))
            try await cache.store.replace(cache.key, with: ["a": 1], as: Self.alice)
            try await cache.redis.put(cache.redisKey, tombstone ? deleted : first)
            let result = try await cache.store.update(cache.key, set: ["b": 2], as: Self.alice)
            #expect(result.session?.data == ["a": 1, "b": 2])
            #expect(try await cache.base.memory.session(cache.key, as: Self.alice)?.data == ["a": 1, "b": 2])
            #expect(await code { try await cache.store.update(cache.key, set: ["b": 3], as: .test("bob")) } == .notOwner)
        }
    }

    @Test("a forged lease or intent keeps readers at the table, and stores nothing")
    func forgedStates() async throws {
        try await Self.run { cache in
            _ = try await Self.live(cache)
            let far = Cell.intent([(Cell.mine, 999_999_999_999_999)], highest: .max, marked: false)
            for planted in [bytes("R") + Cell.mine, far, bytes("R"), bytes("?")] {
                try await self.expectTable(cache, planted, "a state of readers and writers")
            }
            _ = try await cache.redis.put(cache.redisKey, nil)
            try await cache.redis.send("RPUSH", "bs1:sessions:session-1", "x")
            #expect(try await cache.store.session(cache.key, as: Self.alice)?.origin == .table)
        }
    }

    /// The epoch in the header of an entry.
    private static func epoch(_ entry: [UInt8]) -> UInt64 {
        entry[29..<37].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
