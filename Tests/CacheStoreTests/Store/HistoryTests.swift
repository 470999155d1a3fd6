import CacheStore
import Locked
import Logging
import Redis
import SessionStore
import TestSupport
import Testing

/// Many readers and writers at once, judged by one rule: no read returns less than what was acknowledged before it began.
@Suite("histories", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct HistoryTests {
    /// What disturbs a run.
    enum Disturbance: String, CaseIterable {
        case none, flushes, fullMemory
    }

    @Test("no read is older than a write acknowledged before it began", arguments: Disturbance.allCases)
    func acknowledged(disturbance: Disturbance) async throws {
        try await RedisUnderTest.run { redis in
            let history = History()
            let clock = SystemClock()
            let base = MemoryStore(clock: clock)
            let stores = try (0..<3).map { _ in
                try CacheStore(
                    base: base, redis: redis.client, configuration: CacheConfiguration(table: "t"), clock: clock,
                    logger: Logger(label: "test"))
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<32 {
                    let store = stores[number % stores.count]
                    group.addTask { try await history.play(store, rounds: 150, seed: UInt64(number)) }
                }
                group.addTask { try await Self.disturb(redis, disturbance) }
                try await group.waitForAll()
            }
            #expect(history.violations == [])
            #expect(history.reads > 3000)
            if disturbance == .none { #expect(history.hits > 100) }
        }
    }

    @Test("the same through stores that are spread over loops")
    func spread() async throws {
        try await SpreadCaches.run(servers: 1) { parts in
            let history = History()
            // Of different seeds: a session belongs to another loop in each.
            let stores = [parts.store, try SpreadStore(parts.caches), try SpreadStore([parts.caches[0]])]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<32 {
                    let executor = number.isMultiple(of: 2) ? parts.clients[number % 4 / 2].loop : nil
                    group.addTask(executorPreference: executor) {
                        try await history.play(stores[number % stores.count], rounds: 150, seed: UInt64(number))
                    }
                }
                try await group.waitForAll()
            }
            #expect(history.violations == [])
            #expect(history.reads > 3000 && history.hits > 100)
        }
    }

    private static func disturb(_ redis: RedisUnderTest, _ disturbance: Disturbance) async throws {
        for round in 0..<60 {
            switch disturbance {
            case .none: return
            case .flushes: try await redis.send("FLUSHALL")
            case .fullMemory: try await redis.send("CONFIG", "SET", "maxmemory", round.isMultiple(of: 2) && round < 58 ? "1" : "0")
            }
            for _ in 0..<20 { try await redis.send("PING") }
        }
    }
}

/// What was acknowledged so far, per session, and what contradicted it.
private final class History: Sendable {
    private struct Facts {
        var acknowledged: SessionVersion?
        var isLive = false
        var deletionsBegun = 0
        var deletionsEnded = 0
    }

    private struct State {
        var facts: [SessionKey: Facts] = [:]
        var violations: [String] = []
        var reads = 0
        var hits = 0
    }

    private let state = Locked(State())

    var violations: [String] { self.state.withLock { $0.violations } }
    var reads: Int { self.state.withLock { $0.reads } }
    var hits: Int { self.state.withLock { $0.hits } }

    func play(_ store: some SessionStore, rounds: Int, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<rounds {
            let key = SessionKey.test("session-\(Int.random(in: 0..<3, using: &generator))")
            switch Int.random(in: 0..<20, using: &generator) {
            case 0: try await self.write(store, key, .delete)
            case 1, 2: try await self.write(store, key, .update(set: ["round": .number("\(round)")], remove: []))
            default: try await self.read(store, key)
            }
        }
    }

    private func write(_ store: some SessionStore, _ key: SessionKey, _ change: SessionWrite.Change) async throws {
        let deletions = change == .delete ? 1 : 0
        self.state.withLock { $0.facts[key, default: Facts()].deletionsBegun += deletions }
        let result = try await store.write(SessionWrite(key, change))
        self.state.withLock { state in
            var facts = state.facts[key] ?? Facts()
            facts.deletionsEnded += deletions
            if let version = result.version, version > facts.acknowledged ?? SessionVersion(0) {
                facts.acknowledged = version
                facts.isLive = result.session != nil
            }
            state.facts[key] = facts
        }
    }

    private func read(_ store: some SessionStore, _ key: SessionKey) async throws {
        let before = self.state.withLock { $0.facts[key] ?? Facts() }
        let session = try await store.session(key)
        self.state.withLock { state in
            state.reads += 1
            guard let session else {
                // Without any deletion under way, a session whose last acknowledged version is live has to be there.
                let noDeletion = before.deletionsBegun == before.deletionsEnded && state.facts[key]?.deletionsBegun == before.deletionsBegun
                if before.isLive && noDeletion { state.violations.append("no session, though it was written") }
                return
            }
            if case .cache = session.origin { state.hits += 1 }
            if let floor = before.acknowledged, let version = session.version, version < floor {
                state.violations.append("version \(version.rawValue) after \(floor.rawValue)")
            }
        }
    }
}
