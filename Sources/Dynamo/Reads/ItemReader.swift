import Instrumentation
import Locked
import Logging
import SessionStore
import Synchronization

/// Reads items: alone, or, when many are wanted at once, many with one request (see `ReadCrowd`). Every read is consistent, and answered by a request that
/// was sent after it was asked.
final class ItemReader: Sendable {
    typealias Answer = Result<StoredItem?, DynamoError>

    /// A read that waits.
    struct Waiter: Sendable {
        let continuation: CheckedContinuation<Answer, Never>
        /// When its time is over.
        let end: Duration
        /// What it is part of, for spans and lines of the log.
        let context = ServiceContext.current
    }

    let client: DynamoClient
    let configuration: DynamoConfiguration
    let clock: any SessionClock
    let logger: Logger
    let executor: (any TaskExecutor)?
    /// Uniform in 0..<1: the jitter between the requests of a batch.
    let random: @Sendable () -> Double
    let crowd = Locked(ReadCrowd<Waiter>())
    let hedging = Locked(HedgeBudget())
    private let lastID = Atomic<UInt64>(0)
    let isSeparated: Atomic<Bool>

    init(
        client: DynamoClient, configuration: DynamoConfiguration, clock: any SessionClock, logger: Logger,
        random: @escaping @Sendable () -> Double, executor: (any TaskExecutor)?
    ) {
        self.client = client
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.executor = executor
        self.random = random
        self.isSeparated = Atomic(!configuration.batchesReads)
    }

    /// Whether each item is read by a request of its own.
    var readsAlone: Bool { self.isSeparated.load(ordering: .relaxed) }

    /// Reads one item; nil when there is none.
    func item(_ key: SessionKey, deadline: Duration) async throws(DynamoError) -> StoredItem? {
        guard self.configuration.batchesReads else { return try await self.ask(key, deadline) }
        var now = self.clock.uptime
        let end = now + deadline
        while true {
            switch self.crowd.withLock({ $0.arrived(now: now) }) {
            case .leave(let id): return try await self.alone(key, id, end - now)
            case .wait:
                let answer = await self.wait(for: key, until: end)
                now = self.clock.uptime
                // The request had the time of the read that waited longest; this one may have more.
                if case .failure(let error) = answer, error.storeError.code == .deadlineExceeded, now < end { continue }
                return try answer.get()
            }
        }
    }

    /// Reads many items, a hundred with each request where that is allowed. One result for each distinct key.
    func items(_ keys: [SessionKey], deadline: Duration) async -> [SessionKey: Answer] {
        let end = self.clock.uptime + deadline
        var answers = [SessionKey: Answer](minimumCapacity: keys.count)
        await withTaskGroup(of: [SessionKey: Answer].self) { group in
            var waiting = self.readsAlone ? Self.separately(keys) : BatchRead.requests(for: keys)[...]
            var running = 0
            while !waiting.isEmpty || running > 0 {
                if running < self.configuration.batchConcurrency, let next = waiting.popFirst() {
                    running += 1
                    group.addTask { await self.request(next, deadline: end - self.clock.uptime) ?? [:] }
                } else if let some = await group.next() {
                    running -= 1
                    answers.merge(some) { $1 }
                    // Those of a request that turned out not to be allowed come again, alone.
                    if waiting.isEmpty, running == 0 { waiting = Self.separately(keys.filter { answers[$0] == nil }) }
                }
            }
        }
        return answers
    }

    private static func separately(_ keys: [SessionKey]) -> ArraySlice<[SessionKey]> {
        BatchRead.requests(for: keys).flatMap { $0.map { [$0] } }[...]
    }

    // MARK: - One read

    private func alone(_ key: SessionKey, _ id: UInt64, _ deadline: Duration) async throws(DynamoError) -> StoredItem? {
        defer { self.start(self.crowd.withLock { $0.ended(id, now: self.clock.uptime).requests }) }
        return try await self.ask(key, deadline)
    }

    private func wait(for key: SessionKey, until end: Duration) async -> Answer {
        let id = self.lastID.add(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(continuation: continuation, end: end)
                guard let requests = self.crowd.withLock({ $0.waits(for: key, id, waiter, now: self.clock.uptime) }) else {
                    return continuation.resume(returning: .failure(.crowded))
                }
                // The handler may have run before the read had its seat; then the flag is up.
                if Task.isCancelled { self.leave(key, id) }
                self.start(requests)
            }
        } onCancel: {
            self.leave(key, id)
        }
    }

    private func leave(_ key: SessionKey, _ id: UInt64) {
        self.crowd.withLock { $0.left(key, id) }?.continuation.resume(returning: .failure(.cancelled))
    }
}
