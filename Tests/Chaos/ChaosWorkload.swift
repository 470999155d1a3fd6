import CacheStore
import EventLoop
import History
import Locked
import SessionStore
import TestSupport

/// What the tasks of a phase do: they read and write the phase's sessions until they are told to stop, and all of it is recorded.
struct ChaosWorkload: Sendable {
    let keys: [SessionKey]
    let history: History
    private let stores: [RecordedStore]
    private let world: ChaosWorld
    private let plan: ChaosPlan
    private let isOver = Locked(false)
    /// Half of the sessions have an owner.
    private let owner: UserID

    init(phase number: Int, _ world: ChaosWorld, _ plan: ChaosPlan) throws {
        let clock = SystemClock()
        let history = History(now: { clock.now })
        self.history = history
        self.world = world
        self.plan = plan
        self.keys = try (0..<plan.sessions).map { .session(try SessionID("phase-\(number)-session-\($0)")) }
        self.owner = try UserID("owner")
        self.stores = (0..<plan.tasks).map { task in
            RecordedStore(world.processes[task % plan.processes].store, in: history, client: task)
        }
    }

    private func caller(_ index: Int) -> Caller { index.isMultiple(of: 2) ? .anonymous : .user(self.owner) }

    /// Writes each session and reads it, so that the cache has it. Throws when the table is not back from the fault before.
    func begin() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in self.keys.indices {
                group.addTask {
                    let store = self.stores[index % self.stores.count]
                    try await self.persistently { () throws(SessionStoreError) in
                        _ = try await store.update(self.keys[index], set: ["begun": 1], as: self.caller(index))
                        _ = try await store.session(self.keys[index], as: self.caller(index))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func persistently(_ body: () async throws(SessionStoreError) -> Void) async throws(SessionStoreError) {
        for _ in 0..<40 {
            do throws(SessionStoreError) {
                return try await body()
            } catch {
                await self.world.pause(.milliseconds(100))
            }
        }
        try await body()
    }

    /// Runs all tasks until `stop`.
    func run(seed: UInt64) async {
        await withDiscardingTaskGroup { group in
            for task in self.stores.indices {
                group.addTask(executorPreference: self.world.processes[task % self.plan.processes].loop) {
                    var random = SeededGenerator(seed: seed &+ UInt64(task) &* 0x9E37_79B9)
                    var round = 0
                    while !self.isOver.withLock({ $0 }) {
                        await self.step(task, round, &random)
                        round += 1
                        await self.world.processes[task % self.plan.processes].pause(.milliseconds(Int.random(in: 5...25, using: &random)))
                    }
                }
            }
        }
    }

    func stop() {
        self.isOver.withLock { $0 = true }
    }

    /// Errors are part of the history.
    private func step(_ task: Int, _ round: Int, _ random: inout SeededGenerator) async {
        let store = self.stores[task]
        let index = Int.random(in: self.keys.indices, using: &random)
        let (key, caller) = (self.keys[index], self.caller(index))
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<66: _ = try? await store.session(key, as: caller)
        case 66..<72: _ = try? await store.session(key, as: caller, consistency: .strong)
        case 72..<75:
            let keys = Array(self.keys.enumerated().filter { $0.offset % 2 == index % 2 }.map(\.element).shuffled(using: &random).prefix(6))
            _ = try? await store.read(batch: keys, as: caller, consistency: .cached)
        case 75..<78 where index % 2 == 1:
            // Somebody else, who is to get nothing.
            _ = try? await store.session(key, as: .anonymous)
            _ = try? await store.update(key, set: ["foreign": 1], as: .anonymous)
        case 78..<80: _ = try? await store.touch(key, as: caller)
        case 80..<83 where index % 8 < 2: _ = try? await store.delete(key, as: caller)
        case 83..<85 where index % 8 < 2: _ = try? await store.replace(key, with: ["replaced": .number("\(task)\(round)")], as: caller)
        // Each task has a field of its own, so that a lost one is seen.
        default: _ = try? await store.update(key, set: ["task \(task)": .number("\(round)")], as: caller)
        }
    }

    /// Reads every session from the table, as long as it takes for the last fault to be over. Answers how many could not be read.
    func audit() async -> Int {
        var missing = 0
        for index in self.keys.indices {
            let store = self.stores[index % self.stores.count]
            do throws(SessionStoreError) {
                try await self.persistently { () throws(SessionStoreError) in
                    _ = try await store.session(self.keys[index], as: self.caller(index), consistency: .strong)
                }
            } catch {
                missing += 1
            }
        }
        return missing
    }
}

extension ChaosProcess {
    func pause(_ duration: Duration) async {
        try? await self.loop.sleep(for: duration)
    }
}
