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
        #expect(report.kept == SessionStoreContract.checks.map(\.sentence))
        #expect(report.leftOut.isEmpty)
    }

    @Test("without a clock that can be moved the checks that need one are left out and named")
    func realClock() async throws {
        let report = try await SessionStoreContract.run {
            let clock = SystemClock()
            return ContractSubject(MemoryStore(clock: clock), clock: clock)
        }
        #expect(report.leftOut == SessionStoreContract.checks.filter(\.needsAdvance).map(\.sentence))
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

/// A store that ignores a rule; the contract has to notice.
private struct LyingStore: SessionStore {
    enum Lie: CaseIterable {
        case everybodyIsOperator, dropsRemovals, neverDeletes, staleVersions, outageIsNil, batchForgets, neverEnds, touchRevives
    }

    let base: MemoryStore
    let lie: Lie

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        var read = read
        if self.lie == .everybodyIsOperator { read.caller = .asOperator }
        if self.lie == .outageIsNil { return nil }
        return try await self.base.read(read)
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        let keys = self.lie == .batchForgets ? Array(keys.prefix(100)) : keys
        return try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        var write = write
        switch (self.lie, write.change) {
        case (.everybodyIsOperator, _): write.caller = .asOperator
        case (.dropsRemovals, .update(let set, _)): write.change = .update(set: set, remove: [])
        case (.touchRevives, .touch): write.change = .update(set: [:], remove: [])
        case (.neverDeletes, .delete): return WriteResult(session: nil, version: SessionVersion(.max), changed: true)
        default: break
        }
        var result = try await self.base.write(write)
        if self.lie == .staleVersions { result.version = result.version.map { SessionVersion($0.rawValue - 1) } }
        return result
    }
}

@Suite("The contract", .timeLimit(.minutes(1)))
struct ContractTests {
    @Test("a store that lies is found out", arguments: LyingStore.Lie.allCases)
    fileprivate func liars(lie: LyingStore.Lie) async {
        let violation = await #expect(throws: ContractViolation.self) {
            try await SessionStoreContract.run {
                let clock = ManualClock()
                // A store whose clock stands still never notices that a session has ended.
                let base = MemoryStore(clock: lie == .neverEnds ? ManualClock(now: clock.now) : clock)
                return ContractSubject(LyingStore(base: base, lie: lie), clock: clock)
            }
        }
        #expect(violation?.findings.isEmpty == false)
    }

    @Test("each sentence of the contract is said once")
    func sentences() {
        #expect(Set(SessionStoreContract.checks.map(\.sentence)).count == SessionStoreContract.checks.count)
    }
}
