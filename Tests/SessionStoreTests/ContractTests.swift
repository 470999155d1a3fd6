import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("The contract", .timeLimit(.minutes(2)))
struct ContractTests {
    @Test("each sentence is said once")
    func sentences() {
        #expect(Set(SessionStoreContract.checks.map(\.sentence)).count == SessionStoreContract.checks.count)
    }

    @Test("a store that tells the truth keeps every sentence, also in an outage")
    func honest() async throws {
        let report = try await SessionStoreContract.run { Self.subject(nil) }
        #expect(report.kept == SessionStoreContract.checks.map(\.sentence))
        #expect(report.leftOut.isEmpty)
    }

    @Test("one call is enough, with a store alone or with its clock")
    func shortForms() async throws {
        let clock = ManualClock()
        let moved = try await SessionStoreContract.run(on: MemoryStore(clock: clock), clock: clock)
        #expect(moved.leftOut == SessionStoreContract.checks.filter(\.needsOutage).map(\.sentence))
        let alone = try await SessionStoreContract.run(on: MemoryStore())
        #expect(alone.leftOut == SessionStoreContract.checks.filter { $0.needsAdvance || $0.needsOutage }.map(\.sentence))
        #expect(alone.kept.count + alone.leftOut.count == SessionStoreContract.checks.count)
    }

    @Test("a store that ends nothing is found out")
    func endless() async {
        let violation = await #expect(throws: ContractViolation.self) {
            try await SessionStoreContract.run {
                // A store whose clock stands still never notices that a session has ended.
                let clock = ManualClock()
                return ContractSubject(MemoryStore(clock: ManualClock(now: clock.now)), clock: clock)
            }
        }
        #expect(Set(violation?.findings.map(\.check) ?? []) == Set(brokenWithoutEnds))
    }

    @Test("each lie is found out by the sentences that it breaks, and by no others", arguments: FaultyStore.Lie.allCases)
    func liars(lie: FaultyStore.Lie) async throws {
        let violation = await #expect(throws: ContractViolation.self) {
            try await SessionStoreContract.run { Self.subject(lie) }
        }
        let broken = Set(violation?.findings.map(\.check) ?? [])
        let expected = try #require(sentencesBroken[lie])
        #expect(broken.isSuperset(of: expected.always), "not found out: \(expected.always.filter { !broken.contains($0) })")
        #expect(broken.subtracting(expected.always).isSubset(of: expected.alsoPossible), "\(broken.subtracting(expected.always).sorted())")
    }

    private static func subject(_ lie: FaultyStore.Lie?) -> ContractSubject {
        let clock = ManualClock()
        let store = FaultyStore(MemoryStore(clock: clock), lie: lie)
        return ContractSubject(store, clock: clock, outage: { store.setOutage($0) })
    }
}
