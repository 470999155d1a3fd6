import SessionStore
import SessionStoreTesting
import Testing

@Suite("The store in memory", .timeLimit(.minutes(1)))
struct MemoryStoreTests {
    @Test("it keeps the contract", arguments: SessionStoreContract.checks)
    func contract(check: ContractCheck) async throws {
        let clock = ManualClock()
        try await check.run(on: ContractSubject(MemoryStore(clock: clock), clock: clock))
    }

    @Test("it keeps the contract with a time to live of a minute")
    func shortLives() async throws {
        let report = try await SessionStoreContract.run {
            let clock = ManualClock(now: Timestamp(milliseconds: 1_700_000_000_999))
            let lifetime = Duration.seconds(60)
            return ContractSubject(MemoryStore(timeToLive: lifetime, clock: clock), timeToLive: lifetime, clock: clock)
        }
        #expect(report.leftOut == SessionStoreContract.checks.filter(\.needsOutage).map(\.sentence))
    }

    @Test("without a clock that can be moved the checks that need one are left out and named")
    func realClock() async throws {
        let report = try await SessionStoreContract.run {
            let clock = SystemClock()
            return ContractSubject(MemoryStore(clock: clock), clock: clock)
        }
        #expect(report.leftOut == SessionStoreContract.checks.filter { $0.needsAdvance || $0.needsOutage }.map(\.sentence))
        #expect(!report.leftOut.isEmpty)
    }

    @Test("a full store refuses a new session, keeps those it has, and makes room when they have ended")
    func bounded() async throws {
        let clock = ManualClock()
        let store = MemoryStore(timeToLive: .seconds(60), maximumCount: 2, clock: clock)
        let keys = try (1...3).map { SessionKey.session(try SessionID("session-\($0)")) }
        try await store.update(keys[0], set: ["a": "1"])
        try await store.update(keys[1], set: ["a": "1"])
        let error = await #expect(throws: SessionStoreError.self) { try await store.update(keys[2], set: ["a": "1"]) }
        #expect(error?.code == .overloaded)
        try await store.update(keys[0], set: ["b": "2"])
        #expect(try await store.session(keys[0])?.data == ["a": "1", "b": "2"])

        clock.advance(by: .seconds(60))
        try await store.update(keys[2], set: ["a": "1"])
        #expect(store.count == 1)
    }

    @Test("what has ended is removed as new sessions come")
    func swept() async throws {
        let clock = ManualClock()
        let store = MemoryStore(timeToLive: .seconds(60), clock: clock)
        for number in 0..<10_000 {
            try await store.update(.session(try SessionID("session-\(number)")), set: ["a": "1"])
            clock.advance(by: .seconds(30))
        }
        #expect(store.count <= 1024)
    }
}
