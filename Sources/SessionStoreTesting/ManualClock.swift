import Locked
public import SessionStore

/// A clock that stands still until a test moves it, and that a test can wait on.
public final class ManualClock: SessionClock {
    private let state: Locked<State>

    private struct State {
        var now: Timestamp
        var uptime = Duration.seconds(1000)
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []
    }

    private struct Sleeper {
        var deadline: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        var id: Int
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    /// A clock that stands at `now`; without one, at the time of the operating system, rounded down to a second: servers with clocks of their own
    /// then agree with it until it is moved.
    public init(now: Timestamp = Timestamp(seconds: SystemClock().now.seconds)) {
        self.state = Locked(State(now: now))
    }

    /// The wall clock, where the test put it.
    public var now: Timestamp { self.state.withLock { $0.now } }

    /// The monotonic clock, where the test put it.
    public var uptime: Duration { self.state.withLock { $0.uptime } }

    /// How many tasks sleep on this clock.
    public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// Moves both clocks ahead and wakes whoever is due, in the order of the deadlines.
    public func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now = state.now + duration
            state.uptime += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.uptime }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Sets the wall clock alone, as an operator or a server's `Date` would.
    public func setWallClock(_ now: Timestamp) {
        self.state.withLock { $0.now = now }
    }

    /// Waits until the test has moved the clock that far. Throws `CancellationError`.
    public func sleep(for duration: Duration) async throws {
        let id = self.nextID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { self.start(id, for: duration, $0) }
        } onCancel: {
            self.cancel(id)
        }
    }

    /// Waits until at least `count` tasks sleep on this clock. Returns early when its task is cancelled, so that a test's time limit can end it.
    public func waitForSleepers(_ count: Int = 1) async {
        let id = self.nextID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = self.state.withLock { state in
                    if state.cancelled.remove(id) != nil || state.sleepers.count >= count { return true }
                    state.watchers.append(Watcher(id: id, count: count, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let watcher = self.state.withLock { state -> Watcher? in
                guard let index = state.watchers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.watchers.remove(at: index)
            }
            watcher?.continuation.resume()
        }
    }

    private func nextID() -> Int {
        self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    private enum Start {
        case over
        case cancelled
        case asleep([CheckedContinuation<Void, Never>])
    }

    private func start(_ id: Int, for duration: Duration, _ continuation: CheckedContinuation<Void, any Error>) {
        let start: Start = self.state.withLock { state in
            if state.cancelled.remove(id) != nil { return .cancelled }
            guard duration > .zero else { return .over }
            state.sleepers[id] = Sleeper(deadline: state.uptime + duration, continuation: continuation)
            let count = state.sleepers.count
            let met = state.watchers.filter { $0.count <= count }
            state.watchers.removeAll { $0.count <= count }
            return .asleep(met.map(\.continuation))
        }
        switch start {
        case .over: continuation.resume()
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .asleep(let watchers): for watcher in watchers { watcher.resume() }
        }
    }

    /// The cancellation may come before the sleep has begun: it is noted for that case.
    private func cancel(_ id: Int) {
        let sleeper = self.state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: id)
            if sleeper == nil { state.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
