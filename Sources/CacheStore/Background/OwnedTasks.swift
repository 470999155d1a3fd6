internal import Locked

/// The tasks that a cache has started and answers for: loads that outlive the read that began them, refreshes, replays.
///
/// None is loose: `end` cancels those that are left and returns when the last is over.
final class OwnedTasks: Sendable {
    private enum Slot {
        case starting
        case running(Task<Void, Never>)
    }

    private struct State {
        var slots: [UInt64: Slot] = [:]
        var lastID: UInt64 = 0
        var isEnded = false
        var waiting: [CheckedContinuation<Void, Never>] = []

        mutating func reserve() -> UInt64? {
            guard !self.isEnded else { return nil }
            self.lastID += 1
            self.slots[self.lastID] = .starting
            return self.lastID
        }

        /// The tasks to cancel.
        var running: [Task<Void, Never>] {
            self.slots.values.compactMap { if case .running(let task) = $0 { task } else { nil } }
        }

        mutating func remove(_ id: UInt64) -> [CheckedContinuation<Void, Never>] {
            self.slots[id] = nil
            guard self.slots.isEmpty else { return [] }
            defer { self.waiting = [] }
            return self.waiting
        }
    }

    private let state = Locked(State())
    private let executor: (any TaskExecutor)?

    /// Tasks that run on `executor`, for a task that is started by itself inherits none.
    init(executor: (any TaskExecutor)?) {
        self.executor = executor
    }

    /// Starts a task. False after `end`: then nothing is started.
    func start(_ body: @escaping @Sendable () async -> Void) -> Bool {
        guard let id = self.state.withLock({ $0.reserve() }) else { return false }
        let task = Task(executorPreference: self.executor) {
            await body()
            for continuation in self.state.withLock({ $0.remove(id) }) { continuation.resume() }
        }
        let isEnded = self.state.withLock { state in
            // It may be over by now.
            if state.slots[id] != nil { state.slots[id] = .running(task) }
            return state.isEnded
        }
        if isEnded { task.cancel() }
        return true
    }

    /// Cancels all that run, without waiting for them, and lets no further one start.
    func cancel() {
        let running = self.state.withLock { state in
            state.isEnded = true
            return state.running
        }
        for task in running { task.cancel() }
    }

    /// Cancels all that run, and returns when they are over. No further one is started.
    func end() async {
        self.cancel()
        await withCheckedContinuation { continuation in
            let isOver = self.state.withLock { state in
                if !state.slots.isEmpty { state.waiting.append(continuation) }
                return state.slots.isEmpty
            }
            if isOver { continuation.resume() }
        }
    }
}
