import EventLoop
import Logging
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import CacheStore

/// Caches on loops of their own, over one source of truth. Where each has a redis-server of its own, that server shows whose commands it saw.
struct SpreadCaches: Sendable {
    let store: SpreadStore
    let caches: [CacheStore<FaultyStore>]
    let clients: [RedisClient]
    let servers: [RedisServer]
    let base: FaultyStore

    /// Runs `body` with two, and ends them.
    static func run(
        servers count: Int, clock: any SessionClock = SystemClock(), commandTimeout: Duration = .seconds(20),
        configure: (inout CacheConfiguration) -> Void = { _ in }, _ body: (SpreadCaches) async throws -> Void
    ) async throws {
        let servers = try (0..<count).map { _ in try RedisServer() }
        let loops = try (0..<2).map { _ in try UVLoop() }
        let clients = loops.enumerated().map { number, loop in
            var configuration = RedisConfiguration(port: servers[number % count].port)
            (configuration.commandTimeout, configuration.connectTimeout) = (commandTimeout, .seconds(20))
            return RedisClient(loop: loop, configuration: configuration, logger: Logger(label: "test"))
        }
        var configuration = CacheConfiguration(table: "t")
        configure(&configuration)
        let base = FaultyStore(MemoryStore(timeToLive: .seconds(3600), clock: clock))
        let caches = try clients.map {
            try CacheStore(base: base, redis: $0, configuration: configuration, clock: clock, logger: Logger(label: "test"))
        }
        let result: Result<Void, any Error>
        do {
            for client in clients { try await client.connect() }
            let store = try SpreadStore(caches)
            result = .success(
                try await body(SpreadCaches(store: store, caches: caches, clients: clients, servers: servers, base: base)))
        } catch {
            result = .failure(error)
        }
        for client in clients { await client.close() }
        for loop in loops { await loop.shutdown() }
        try result.get()
    }

    let keys = (0..<200).map { SessionKey.test("session-\($0)") }

    /// Whether the server of a place holds an entry of the session.
    func holds(_ key: SessionKey, at place: Int) async throws -> Bool {
        try await self.clients[place].get(self.caches[place].core.redisKey(key)) != nil
    }
}

@Suite("caches spread over loops", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(3)))
struct SpreadCacheTests {
    @Test("the contract of a store, with another such store and a cache alone beside it")
    func contract() async throws {
        try await SpreadCaches.run(servers: 1) { parts in
            let report = try await SessionStoreContract.run {
                let clock = ManualClock()
                let base = FaultyStore(MemoryStore(timeToLive: .seconds(3600), clock: clock))
                let configuration = CacheConfiguration(table: DynamoServer.tableName("spread"))
                let caches = try parts.clients.map {
                    try CacheStore(base: base, redis: $0, configuration: configuration, clock: clock, logger: Logger(label: "test"))
                }
                return ContractSubject(
                    try SpreadStore(caches), peers: [try SpreadStore(caches.reversed()), caches[0]], timeToLive: .seconds(3600),
                    clock: clock,
                    outage: { base.setOutage($0) })
            }
            #expect(report.leftOut.isEmpty)
        }
    }

    @Test("all that is done to a session goes over one connection")
    func oneConnection() async throws {
        try await SpreadCaches.run(servers: 2) { parts in
            for key in parts.keys {
                try await parts.store.update(key, set: ["a": "b"])
                #expect(try await parts.store.session(key)?.data == ["a": "b"])
            }
            var found = [0, 0]
            for key in parts.keys {
                let place = parts.store.place(of: key)
                #expect(try await parts.holds(key, at: place))
                #expect(try await !parts.holds(key, at: 1 - place))
                found[place] += 1
            }
            #expect(found.allSatisfy { $0 > 50 })
            for key in parts.keys { try await parts.store.delete(key) }
            let answers = try await parts.store.read(batch: parts.keys, as: .anonymous, consistency: .cached)
            #expect(answers.count == 200 && answers.values.allSatisfy { $0 == .success(nil) })
        }
    }

    @Test("a session's commands are answered in the order of a task, from whatever executor it runs on")
    func order() async throws {
        try await SpreadCaches.run(servers: 1) { parts in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, key) in parts.keys.prefix(32).enumerated() {
                    let executor = number.isMultiple(of: 3) ? nil : parts.clients[number % 2].loop
                    group.addTask(executorPreference: executor) {
                        for round in 0..<50 {
                            let value = SessionValue.number("\(round)")
                            try await parts.store.update(key, set: ["round": value])
                            #expect(try await parts.store.session(key)?.data["round"] == value)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("one loop's Redis is dead: its sessions come from the table, the others from the cache, and all once it is back")
    func oneFails() async throws {
        try await SpreadCaches.run(
            servers: 2, commandTimeout: .milliseconds(500), configure: { $0.cacheBreaker.interval = .milliseconds(10) }
        ) { parts in
            for key in parts.keys { try await parts.store.update(key, set: ["a": "b"]) }
            parts.servers[1].kill()
            for key in parts.keys {
                let session = try #require(try await parts.store.session(key))
                if case .cache = session.origin {
                    #expect(parts.store.place(of: key) == 0)
                } else {
                    #expect(parts.store.place(of: key) == 1)
                }
            }
            let answers = try await parts.store.read(batch: parts.keys, as: .anonymous, consistency: .cached)
            #expect(answers.count == 200)
            for answer in answers.values { #expect(try answer.get()?.data == ["a": "b"]) }
            try parts.servers[1].restart()
            let key = try #require(parts.keys.first { parts.store.place(of: $0) == 1 })
            while true {
                let session = try #require(try await parts.store.session(key))
                if case .cache = session.origin { break }
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    @Test("shutdown tells every cache of the writes that it has not heard of")
    func shutdown() async throws {
        try await SpreadCaches.run(servers: 2, configure: { $0.replays.interval = .seconds(60) }) { parts in
            for key in parts.keys { try await parts.store.update(key, set: ["a": "b"]) }
            let mute = ["-evalsha", "-eval"].map { Array($0.utf8) }
            for client in parts.clients { _ = try await client.send(["ACL", "SETUSER", "default"].map { Array($0.utf8) } + mute) }
            for key in parts.keys.prefix(20) {
                #expect(try await parts.store.update(key, set: ["a": "c"]).cache == .pending)
                #expect(try await parts.holds(key, at: parts.store.place(of: key)))
            }
            for client in parts.clients { _ = try await client.send(["ACL", "SETUSER", "default", "+@all"].map { Array($0.utf8) }) }
            await parts.store.shutdown()
            for key in parts.keys.prefix(20) { #expect(try await !parts.holds(key, at: parts.store.place(of: key))) }
        }
    }
}
