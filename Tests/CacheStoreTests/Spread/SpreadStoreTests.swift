import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import CacheStore

/// Which store is asked, and what becomes of many answers: over stores in memory, each with sessions of its own.
@Suite("sessions spread over stores", .timeLimit(.minutes(1)))
struct SpreadStoreTests {
    private let stores = (0..<3).map { _ in WatchedStore(clock: ManualClock()) }

    private func spread() throws -> SpreadStore { try SpreadStore(self.stores, seed: 7) }

    /// A session of each of the stores.
    private func keys(_ spread: SpreadStore) throws -> [SessionKey] {
        let all = (0..<100).map { SessionKey.test("session-\($0)") }
        return try self.stores.indices.map { place in try #require(all.first { spread.place(of: $0) == place }) }
    }

    @Test("each store has its share of the sessions, whatever these are called", arguments: [1, 2, 3, 7, 64])
    func distribution(count: Int) throws {
        var generator = SeededGenerator(seed: 1)
        for prefix in ["", "session-", "2026-11-30T10:00:00.000000Z:agent:", "\(UInt64.random(in: .min ... .max, using: &generator))-"] {
            let spread = KeySpread(count: count, seed: .random(in: .min ... .max, using: &generator))
            var found = [Int](repeating: 0, count: count)
            for number in 0..<64_000 { found[spread(.test("\(prefix)\(100_000 + number)"))] += 1 }
            let fair = 64_000 / count
            #expect(found.allSatisfy { abs($0 - fair) <= fair / 5 }, "\(prefix): \(found)")
        }
    }

    @Test("a session has one place under one seed, and who knows one seed does not know the next; a user's memory is not its session's")
    func seeds() throws {
        let names = (0..<1000).map { SessionKey.test("session-\($0)") }
        let (one, same, other) = (KeySpread(count: 16, seed: 1), KeySpread(count: 16, seed: 1), KeySpread(count: 16, seed: 2))
        #expect(names.allSatisfy { one($0) == same($0) })
        #expect(names.filter { one($0) == other($0) }.count < 200)
        let users = try (0..<1000).map { SessionKey.user(try UserID("session-\($0)")) }
        #expect(zip(names, users).filter { one($0) == one($1) }.count < 200)
    }

    @Test("every call about a session reaches its store, and no other")
    func calls() async throws {
        let spread = try self.spread()
        for (place, key) in try self.keys(spread).enumerated() {
            let (store, others) = (self.stores[place], self.stores.indices.filter { $0 != place }.map { self.stores[$0] })
            let before = others.map { $0.reads + $0.writes.count }
            #expect(try await spread.update(key, set: ["a": "b"]).changed)
            #expect(try await spread.session(key)?.data == ["a": "b"])
            #expect(try await spread.session(key, consistency: .strong)?.data == ["a": "b"])
            #expect(try await spread.read(batch: [key], as: .anonymous, consistency: .cached)[key]?.get()?.data == ["a": "b"])
            #expect(try await spread.replace(key, with: ["c": "d"]).changed)
            #expect(try await spread.touch(key).changed)
            #expect(try await spread.delete(key).changed)
            #expect(store.writes.count == 4 && store.reads == 3 && store.batches == [[key]])
            #expect(others.map { $0.reads + $0.writes.count } == before)
        }
    }

    @Test("what a session's store throws is thrown")
    func errors() async throws {
        let spread = try self.spread()
        let key = try self.keys(spread)[1]
        self.stores[1].failReads(.outage)
        self.stores[1].failWrites(.outage)
        #expect(await code { try await spread.session(key) } == .unavailable)
        #expect(await code { try await spread.update(key, set: ["a": "b"]) } == .unavailable)
    }

    @Test("a batch is asked of the stores that have its sessions, and answers each key once")
    func batch() async throws {
        let spread = try self.spread()
        #expect(try await spread.read(batch: [], as: .anonymous, consistency: .cached).isEmpty)
        let keys = (0..<300).map { SessionKey.test("session-\($0)") }
        for key in keys.prefix(200) { try await spread.update(key, set: ["name": .string(key.rawValue)]) }
        let answers = try await spread.read(batch: keys + keys.prefix(50), as: .anonymous, consistency: .cached)
        #expect(answers.count == 300)
        for (number, key) in keys.enumerated() {
            #expect(try answers[key]?.get()?.data == (number < 200 ? ["name": .string(key.rawValue)] : nil))
        }
        for (place, store) in self.stores.enumerated() {
            #expect(store.batches.filter { !$0.isEmpty }.count == 1)
            #expect(store.batches.last?.allSatisfy { spread.place(of: $0) == place } == true)
        }
    }

    @Test("a store that cannot make its part of a batch fails its keys alone; when none can, the call throws")
    func partialBatch() async throws {
        let spread = try self.spread()
        let keys = try self.keys(spread)
        for key in keys { try await spread.update(key, set: ["a": "b"]) }
        self.stores[1].failReads(.outage)
        let answers = try await spread.read(batch: keys, as: .anonymous, consistency: .strong)
        #expect(answers.count == 3)
        #expect(try answers[keys[0]]?.get()?.data == ["a": "b"] && answers[keys[2]]?.get()?.data == ["a": "b"])
        #expect(answers[keys[1]] == .failure(.outage))
        for store in self.stores { store.failReads(.outage) }
        #expect(await code { try await spread.read(batch: keys, as: .anonymous, consistency: .strong) } == .unavailable)
    }

    @Test("no store, and too many, are refused")
    func counts() async throws {
        #expect(await code { try SpreadStore([]) } == .misconfigured)
        let store = self.stores[0]
        #expect(await code { try SpreadStore(Array(repeating: store, count: 65)) } == .misconfigured)
        let widest = try SpreadStore(Array(repeating: store, count: 64))
        #expect(try await widest.update(.test("session-1"), set: ["a": "b"]).changed)
    }
}
