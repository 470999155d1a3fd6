import Locked
import SessionStore

/// Gathers what operations came to, by the second in which they ended.
final class LoadRecorder: Sendable {
    fileprivate struct State {
        /// By second, what has not been taken yet.
        var intervals: [Int: Interval] = [:]
        var before = Interval()
        var countsFrom: Int64?
    }

    private let state = Locked(State())

    /// Operations that start from this time on count (`MonotonicTime`).
    func countFrom(_ time: Int64) {
        self.state.withLock { $0.countsFrom = time }
    }

    /// An operation that was to start at `start` was answered now.
    func answered(_ lane: Lane, since start: Int64, _ verdict: Ledger.Verdict) {
        let now = MonotonicTime.now
        self.state.withLock { state in
            state.with(start, now) { interval in
                interval.judged(verdict)
                interval.record(lane, nanoseconds: now - start)
            }
        }
    }

    /// One that was to start at `start` has failed.
    func failed(_ error: SessionStoreError, since start: Int64) {
        let now = MonotonicTime.now
        self.state.withLock { state in
            state.with(start, now) { interval in interval.failed(error.code.label, error.sentence) }
        }
    }

    /// What came since it was last asked: by second, and before anything counted.
    func take() -> (seconds: [Int: Interval], before: Interval) {
        self.state.withLock { state in
            defer { (state.intervals, state.before) = ([:], Interval()) }
            return (state.intervals, state.before)
        }
    }
}

extension LoadRecorder.State {
    fileprivate mutating func with(_ start: Int64, _ now: Int64, _ body: (inout Interval) -> Void) {
        guard let countsFrom = self.countsFrom, start >= countsFrom else { return body(&self.before) }
        body(&self.intervals[Int((now - countsFrom) / 1_000_000_000), default: Interval()])
    }
}

extension SessionStoreError {
    /// What it says, and what lies below.
    fileprivate var sentence: String {
        self.message + (self.underlying.map { " (\($0))" } ?? "")
    }
}
