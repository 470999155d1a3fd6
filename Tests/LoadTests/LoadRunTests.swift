import EventLoop
import Load
import Locked
import SessionStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct LoadRunTests {
    /// Makes a load on this store, and answers what it came to.
    private static func result(
        of plan: LoadPlan, on store: any SessionStore, _ then: (@Sendable (LoadRun) -> Void)? = nil
    ) async throws -> LoadResult {
        let loop = try UVLoop(name: "load")
        let run = LoadRun(plan, on: store, ledgers: try Ledgers(count: plan.sessions), loop: loop)
        let result = Locked(LoadResult(plan))
        let tell: @Sendable (LoadRun.News) -> Void = { news in
            result.withLock { result in
                switch news {
                case .filled: break
                case .second(let second, let interval): result.add(interval, second: second)
                case .before(let interval): result.addBefore(interval)
                }
            }
        }
        if plan.fills { await run.fill(tell) }
        then?(run)
        let span = try await run.run(tell)
        await loop.shutdown()
        return result.withLock { result in
            result.finish()
            result.duration = span.duration
            return result
        }
    }

    private static func plan(_ count: Int, _ change: (inout LoadPlan) -> Void = { _ in }) -> LoadPlan {
        var plan = LoadPlan()
        plan.sessions = 20
        plan.concurrency = 8
        plan.bound = .operations(count)
        change(&plan)
        return plan
    }

    @Test func `A load on a store that keeps its promises finds nothing wrong, and counts every operation`() async throws {
        let result = try await Self.result(of: Self.plan(5000), on: MemoryStore())
        #expect(result.total.answered == 5000)
        #expect(result.wrong == 0 && result.older == 0 && result.total.failures == 0)
        #expect(result.points.reduce(0) { $0 + $1.all.count } == 5000)
        #expect(Set(Lane.allCases.filter { result.total.count($0) > 0 }) == [.table, .absent, .write, .delete])
    }

    @Test(arguments: LyingStore.Lie.allCases) func `Each kind of wrong answer is found`(lie: LyingStore.Lie) async throws {
        let plan = Self.plan(5000) { $0.mix = LoadPlan.Mix(reads: 0.8, writes: 0.2, deletes: 0) }
        let result = try await Self.result(of: plan, on: LyingStore(MemoryStore(), lie))
        #expect(result.faults[lie.fault, default: 0] > 0, "\(result.faults)")
    }

    @Test func `Errors are counted by kind, with what one of them said`() async throws {
        let store = FaultyStore(MemoryStore())
        store.setOutage(true)
        let result = try await Self.result(of: Self.plan(200) { $0.fills = false }, on: store)
        #expect(result.total.answered == 0 && result.total.errors == ["unavailable": 200])
        #expect(result.total.sentences["unavailable"]?.isEmpty == false)
        #expect(result.wrong == 0)
    }

    @Test func `An open loop counts from the intended start what a slow store makes others wait`() async throws {
        // One operation at a time, each of 10 ms, four times as many as that: the last one starts when its time is long past.
        let plan = Self.plan(40) { plan in
            plan.concurrency = 1
            plan.pacing = .open(perSecond: 400)
            plan.mix = LoadPlan.Mix(reads: 1, writes: 0, deletes: 0)
        }
        let result = try await Self.result(of: plan, on: SlowStore(MemoryStore(), by: .milliseconds(10)))
        let longest = result.total.merged().longest
        #expect(.nanoseconds(result.total.merged().percentile(50) * 20) > result.duration, "what waits before them is in all")
        #expect(longest > 200_000_000, "40 in a row take 400 ms, and the last one was to start after 98: \(longest) ns")
    }

    @Test func `A closed loop counts what the store took`() async throws {
        let plan = Self.plan(40) { plan in
            plan.concurrency = 1
            plan.mix = LoadPlan.Mix(reads: 1, writes: 0, deletes: 0)
        }
        let result = try await Self.result(of: plan, on: SlowStore(MemoryStore(), by: .milliseconds(10)))
        let median = result.total.merged().percentile(50)
        #expect(median >= 10_000_000)
        // Half of 40 in a row took that or more: what waits before them is in none.
        #expect(.nanoseconds(median * 20) <= result.duration * 1.01)
    }

    @Test func `What is wrong in the warm-up is told, and its operations do not count`() async throws {
        let plan = Self.plan(100) { plan in
            plan.warmUp = .milliseconds(200)
            plan.mix = LoadPlan.Mix(reads: 1, writes: 0, deletes: 0)
        }
        let result = try await Self.result(of: plan, on: LyingStore(MemoryStore(), .forged, every: 1))
        #expect(result.total.answered == 100 && result.total.wrong == 100)
        #expect(result.before.wrong > 0)
    }

    @Test func `It stops when it is told to`() async throws {
        let plan = Self.plan(1) { $0.bound = .duration(.seconds(3600)) }
        let result = try await Self.result(of: plan, on: MemoryStore()) { run in
            Task {
                try await Task.sleep(for: .milliseconds(50))
                run.stop()
            }
        }
        #expect(result.duration < .seconds(100))
    }

    @Test func `It removes what it has written`() async throws {
        let store = MemoryStore()
        let loop = try UVLoop(name: "load")
        let plan = Self.plan(1)
        let run = LoadRun(plan, on: store, ledgers: try Ledgers(count: plan.sessions), loop: loop)
        await run.fill { _ in }
        let key = try SessionKey.session(SessionID("load.19"))
        #expect(try await store.session(key) != nil)
        run.stop()
        await run.clean { _ in }
        #expect(try await store.session(key) == nil)
        await loop.shutdown()
    }
}

/// A store that takes its time for reads.
private struct SlowStore: SessionStore {
    let base: any SessionStore
    let time: Duration

    init(_ base: any SessionStore, by time: Duration) {
        (self.base, self.time) = (base, time)
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try? await Task.sleep(for: self.time)
        return try await self.base.read(read)
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult { try await self.base.write(write) }
}
