import CacheStore
import EventLoop
import History
import Locked
import Redis
import SessionStore
import TestSupport

/// 64 tasks that read and write sessions through caches over one store in memory, as two processes of a fleet would, and the history of it.
final class StoreWorkload: Sendable {
    private struct Process {
        let loop: UVLoop
        let redis: RedisClient
        let store: CacheStore<MemoryStore>
    }

    static let tasks = 64
    let history: History
    private let keys: [SessionKey]
    private let processes: [Process]
    private let stores: [RecordedStore]
    private let isOver = Locked(false)
    private static let clock = SystemClock()

    /// Caches that reach Redis at this port. `configure` may make deadlines what a test wants.
    init(port: Int, sessions: Int = 96, name: String, configure: (inout RedisConfiguration) -> Void = { _ in }) throws {
        let history = History(now: { Self.clock.now })
        self.history = history
        self.keys = try (0..<sessions).map { .session(try SessionID("\(name)-\($0)")) }
        let truth = MemoryStore(clock: Self.clock)
        let processes = try (0..<2).map { _ in
            let loop = try UVLoop()
            var configuration = RedisConfiguration(port: port)
            configuration.commandTimeout = .seconds(2)
            configuration.connectTimeout = .seconds(2)
            configuration.backoff.initial = .milliseconds(10)
            configuration.backoff.maximum = .milliseconds(100)
            configure(&configuration)
            let redis = RedisClient(loop: loop, configuration: configuration, logger: .quiet)
            let store = try CacheStore(
                base: truth, redis: redis, configuration: CacheConfiguration(table: name), clock: Self.clock, logger: .quiet)
            return Process(loop: loop, redis: redis, store: store)
        }
        self.processes = processes
        self.stores = (0..<Self.tasks).map { RecordedStore(processes[$0 % 2].store, in: history, client: $0) }
    }

    /// Runs the tasks while `body` runs, then reads everything once more and ends the processes.
    func run(seed: UInt64, during body: (StoreWorkload) async throws -> Void) async throws {
        for process in self.processes { try await process.redis.connect() }
        do {
            try await withThrowingDiscardingTaskGroup { group in
                for task in 0..<Self.tasks {
                    group.addTask(executorPreference: self.processes[task % 2].loop) { await self.work(task, seed: seed) }
                }
                defer { self.isOver.withLock { $0 = true } }
                try await body(self)
            }
            for (task, key) in self.keys.enumerated() { _ = try await self.stores[task % Self.tasks].session(key, consistency: .strong) }
        } catch {
            await self.close()
            throw error
        }
        await self.close()
    }

    private func work(_ task: Int, seed: UInt64) async {
        var random = SeededGenerator(seed: seed &+ UInt64(task) &* 0x9E37_79B9)
        let (store, loop) = (self.stores[task], self.processes[task % 2].loop)
        var round = 0
        while !self.isOver.withLock({ $0 }) {
            let key = self.keys.randomElement(using: &random)!
            // Errors are part of the history.
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<70: _ = try? await store.session(key)
            case 70..<74:
                _ = try? await store.read(batch: Array(self.keys.shuffled(using: &random).prefix(6)), as: .anonymous, consistency: .cached)
            case 74..<77: _ = try? await store.delete(key)
            default: _ = try? await store.update(key, set: ["task \(task)": .number("\(round)")])
            }
            round += 1
            // The load's pace: nobody waits for something here.
            try? await loop.sleep(for: .milliseconds(Int.random(in: 2...15, using: &random)))
        }
    }

    private func close() async {
        for process in self.processes {
            await process.store.shutdown()
            await process.redis.close()
            await process.loop.shutdown()
        }
    }

    // MARK: What came of it

    /// What DESIGN section 3 forbids, in words; empty when it was kept.
    ///
    /// A session is held to less where a writer of it could not tell the cache: linearizable, then nothing older than acknowledged, then bounded in time.
    func violations(_ guarantee: Rules.Guarantee = .linearizable) -> [String] {
        var rules = Rules()
        rules.guarantee = guarantee
        rules.outages = []
        for operation in self.history.operations {
            guard operation.change != nil, case .acknowledged(let result) = operation.outcome, result.cache == .pending else { continue }
            rules.exceptions[operation.key] = .bounded
        }
        return self.history.violations(rules).map(\.description)
    }

    /// Calls that returned.
    var operations: Int { self.history.operations.count { $0.ended != nil } }

    /// Calls that threw.
    var failures: Int {
        self.history.operations.count { if case .failed = $0.outcome { true } else { false } }
    }

    /// Writes of which the cache was not told in time.
    var pending: Int {
        self.history.operations.count { if case .acknowledged(let result) = $0.outcome { result.cache == .pending } else { false } }
    }

    /// Answers of the cache.
    var hits: Int { self.history.operations.count { Self.isHit($0) } }

    /// Whether a read of one of these sessions that began at this time or later was answered by the cache.
    func hasHit(since time: Timestamp, on keys: Set<SessionKey>) -> Bool {
        self.history.operations.contains { keys.contains($0.key) && $0.began.time >= time && Self.isHit($0) }
    }

    private static func isHit(_ operation: Operation) -> Bool {
        if case .answered(let session?) = operation.outcome, case .cache = session.origin { true } else { false }
    }

    /// Waits until the tasks have made that many calls more.
    func goOn(for count: Int = 2000) async throws {
        let target = self.operations + count
        try await until { self.operations >= target }
    }
}
