import Logging
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import CacheStore

/// A cache whose process keeps sessions in memory, over a real Redis that tells it of changes.
@Suite(
    "near cache", .serialized, .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct NearCacheTests {
    /// Runs `body` with a cache that Redis tells of changes. Its clock stands still: what goes, goes because it was told.
    private func run(_ body: (CacheUnderTest, NearCache) async throws -> Void) async throws {
        try await CacheUnderTest.run(configure: { $0.nearCache = .init(entries: 800, maxAge: .seconds(10)) }) { cache in
            let near = try #require(cache.store.core.near)
            try await Self.wait { near.isOn }
            try await body(cache, near)
        }
    }

    private static func wait(until isMet: () async throws -> Bool) async throws {
        while !(try await isMet()) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    /// Reads until the session is kept: the invalidation of its own fill may come in between.
    private static func read(_ key: SessionKey, as caller: Caller = .anonymous, _ cache: CacheUnderTest, into near: NearCache) async throws
    {
        try await Self.wait {
            _ = try await cache.store.session(key, as: caller)
            return near.session(key) != nil
        }
    }

    private static func lookUps(_ cache: CacheUnderTest) async throws -> Int {
        try await Int(cache.redis.client.info("stats")["keyspace_hits"] ?? "") ?? -1
    }

    @Test("a session that was read answers from memory, without a look at Redis, alone and in a batch")
    func hits() async throws {
        try await self.run { cache, near in
            let written = try #require(try await cache.store.update(cache.key, set: ["a": 1]).session)
            try await Self.read(cache.key, cache, into: near)
            let before = try await Self.lookUps(cache)
            cache.clock.advance(by: .seconds(7))
            for _ in 0..<10 {
                let session = try #require(try await cache.store.session(cache.key))
                #expect(session.data == written.data && session.version == written.version)
                #expect(session.origin == .cache(age: .seconds(7)))
            }
            let batch = try await cache.store.read(batch: [cache.key], as: .anonymous, consistency: .cached)
            #expect(try batch[cache.key]?.get()?.data == ["a": 1])
            #expect(try await Self.lookUps(cache) == before)
            cache.clock.advance(by: .seconds(4))
            #expect(try await cache.store.session(cache.key)?.data == ["a": 1])
            #expect(try await Self.lookUps(cache) == before + 1)
        }
    }

    @Test("another process's write ends what is kept, as soon as Redis has told of it")
    func othersWrites() async throws {
        try await self.run { cache, near in
            let peer = try cache.peer()
            for round in 1...20 {
                try await peer.update(cache.key, set: ["round": .number("\(round)")])
                try await Self.wait { try await cache.store.session(cache.key)?.data == ["round": .number("\(round)")] }
            }
            try await Self.read(cache.key, cache, into: near)
            try await peer.delete(cache.key)
            try await Self.wait { try await cache.store.session(cache.key) == nil }
            await peer.shutdown()
        }
    }

    @Test("own writes are seen at once")
    func ownWrites() async throws {
        try await self.run { cache, near in
            for round in 1...200 {
                try await cache.store.update(cache.key, set: ["round": .number("\(round)")])
                #expect(try await cache.store.session(cache.key)?.data == ["round": .number("\(round)")])
                _ = try await cache.store.session(cache.key)
            }
            try await cache.store.delete(cache.key)
            #expect(try await cache.store.session(cache.key) == nil)
        }
    }

    @Test("whose session it is, is asked for each answer; ends are kept to; absences and deletions are not kept")
    func answers() async throws {
        try await self.run { cache, near in
            let (ann, bob) = (Caller.test("ann"), Caller.test("bob"))
            try await cache.store.update(cache.key, set: ["a": 1], as: ann)
            try await Self.read(cache.key, as: ann, cache, into: near)
            #expect(await code { try await cache.store.session(cache.key, as: bob) } == .notOwner)
            #expect(await code { try await cache.store.session(cache.key) } == .notOwner)
            #expect(try await cache.store.session(cache.key, as: .asOperator) != nil)
            let batch = try await cache.store.read(batch: [cache.key], as: bob, consistency: .cached)
            #expect(throws: SessionStoreError.self) { _ = try batch[cache.key]?.get() }
            try await cache.store.delete(cache.key, as: ann)
            let none = SessionKey.test("none")
            for _ in 0..<3 {
                #expect(try await cache.store.session(cache.key, as: ann) == nil)
                #expect(try await cache.store.session(none) == nil)
            }
            #expect(near.count == 0)
        }
    }

    @Test("a flushed Redis empties it; a strong read ends what is kept of its session")
    func flush() async throws {
        try await self.run { cache, near in
            for number in 0..<20 {
                let key = SessionKey.test("session-\(number)")
                try await cache.store.update(key, set: ["a": 1])
                try await Self.read(key, cache, into: near)
            }
            _ = try await cache.store.session(cache.key, consistency: .strong)
            #expect(near.session(cache.key) == nil)
            #expect(near.count > 0)
            try await cache.redis.send("FLUSHALL")
            try await Self.wait { near.count == 0 }
            #expect(near.isOn)
        }
    }

    @Test(
        "a lost connection, of those that tell or of the client, empties it and turns it off until Redis tells again",
        arguments: ["pubsub", "normal"])
    func lostConnection(kind: String) async throws {
        try await self.run { cache, near in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await Self.read(cache.key, cache, into: near)
            let told = near.timesBegun
            // With "normal" the connection that asks goes too.
            _ = try? await cache.redis.send("CLIENT", "KILL", "TYPE", kind, "SKIPME", "no")
            try await Self.wait { near.timesBegun > told && near.isOn }
            #expect(near.count == 0)
            try await Self.read(cache.key, cache, into: near)
        }
    }

    @Test("it is off while Redis is away, and on again when that is back")
    func restart() async throws {
        try await self.run { cache, near in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await Self.read(cache.key, cache, into: near)
            cache.redis.server.kill()
            try await Self.wait { !near.isOn }
            #expect(near.count == 0)
            #expect(try await cache.store.session(cache.key)?.origin == .table)
            try cache.redis.server.restart()
            try await Self.wait { near.isOn }
            try await Self.read(cache.key, cache, into: near)
        }
    }

    @Test("where Redis refuses to track it stays off, with one line in the log, and all else works")
    func refusal() async throws {
        try await RedisUnderTest.run(options: ["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-client"]) { redis in
            let clock = ManualClock()
            var configuration = CacheConfiguration(table: CacheUnderTest.table)
            configuration.nearCache = .init()
            let lines = Observed<[String]>([])
            let store = try CacheStore(
                base: MemoryStore(clock: clock), redis: redis.client, configuration: configuration, clock: clock,
                logger: Logger(label: "test") { _ in LineLog(lines: lines, logLevel: .info) })
            try await lines.wait { $0.contains { $0.contains("near cache stays off") } }
            let key = SessionKey.test("session-1")
            try await store.update(key, set: ["a": 1])
            for _ in 0..<3 { #expect(try await store.session(key)?.data == ["a": 1]) }
            #expect(store.core.near?.isOn == false && store.core.near?.count == 0)
            #expect(lines.value.count { $0.contains("near cache") } == 1)
            await store.shutdown()
        }
    }

    @Test(
        "many tasks of three processes read and write: nobody goes back behind what the same process saw or wrote, and all agree in the end"
    )
    func crowd() async throws {
        try await self.run { cache, near in
            let stores = [cache.store, try cache.peer(), try cache.peer()]
            for store in stores { try await Self.wait { store.core.near?.isOn == true } }
            let floors = Observed([SessionVersion?](repeating: nil, count: 3))
            let violations = Observed(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        let process = number % 3
                        for round in 0..<100 {
                            let before = floors.value[process]
                            let version =
                                if (number + round).isMultiple(of: 16) {
                                    try await stores[process].update(cache.key, set: ["c\(number)": .number("\(round)")]).version
                                } else {
                                    try await stores[process].session(cache.key)?.version
                                }
                            guard let version else { continue }
                            if let before, version < before { violations.change { $0 += 1 } }
                            floors.change { $0[process] = max($0[process] ?? version, version) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(violations.value == 0)
            let last = try await cache.base.memory.session(cache.key)?.version
            for store in stores { try await Self.wait { try await store.session(cache.key)?.version == last } }
            for peer in stores.dropFirst() { await peer.shutdown() }
        }
    }
}
