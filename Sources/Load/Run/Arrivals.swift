internal import CTimer
import EventLoop
import Glibc
import Locked

/// The intended starts of an open loop: so many a second, at equal distances, whatever the store does meanwhile.
///
/// Whoever waits is let go at the time, to some fifty microseconds (a timerfd; libuv's timers know milliseconds only). Whoever comes late gets a start that lies in the past,
/// and counts from there.
final class Arrivals: Sendable {
    private struct State {
        var next = 0
        // Starts are handed out in order, so those who wait are in order too.
        var waiting: [(start: Int64, resume: CheckedContinuation<Void, Never>)] = []
        var isEnded = false
    }

    private let interval: Double
    private let start: Int64
    private let timer: CInt
    private let state = Locked(State())
    private let watcher: LoopBound<LoopDescriptor>
    private let loop: UVLoop

    /// Starts from `start` on (`MonotonicTime`). Loop only. Throws when the system has no descriptors left.
    init(perSecond rate: Double, from start: Int64, on loop: UVLoop) throws(EventLoopError) {
        self.interval = 1e9 / rate
        self.start = start
        self.loop = loop
        self.timer = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_NONBLOCK | TFD_CLOEXEC))
        guard self.timer >= 0 else { throw EventLoopError(.system, "there are no descriptors left for a timer: allow the process more") }
        let relay = Relay()
        self.watcher = LoopBound(try LoopDescriptor(loop, descriptor: self.timer) { _ in relay.fired() }, loop: loop)
        relay.arrivals = self
        self.watcher.value.watch(.readable)
    }

    /// Between the watcher, which is made first, and who is told.
    private final class Relay {
        weak var arrivals: Arrivals?

        func fired() { self.arrivals?.fired() }
    }

    /// The next intended start, when it has come; nil: there are no more.
    func wait() async -> Int64? {
        let (start, isEnded) = self.state.withLock { state in
            defer { state.next += 1 }
            return (self.start + Int64(Double(state.next) * self.interval), state.isEnded)
        }
        guard !isEnded else { return nil }
        guard start > MonotonicTime.now else { return start }
        await withCheckedContinuation { continuation in
            let isFirst = self.state.withLock { state in
                guard !state.isEnded else { return nil as Bool? }
                state.waiting.append((start, continuation))
                return state.waiting.count == 1
            }
            guard let isFirst else { return continuation.resume() }
            if isFirst { self.arm(start) }
        }
        return self.state.withLock { $0.isEnded } ? nil : start
    }

    /// Lets everybody go, with nothing to do. Safe to call again.
    func end() {
        let waiting = self.state.withLock { state in
            defer { (state.isEnded, state.waiting) = (true, []) }
            return state.isEnded ? nil : state.waiting
        }
        guard let waiting else { return }
        self.loop.execute { [watcher, timer] in watcher.value.close { Glibc.close(timer) } }
        for waiter in waiting { waiter.resume.resume() }
    }

    private func arm(_ time: Int64) {
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(time / 1_000_000_000)
        setting.it_value.tv_nsec = Int(time % 1_000_000_000)
        timerfd_settime(self.timer, CInt(TFD_TIMER_ABSTIME), &setting, nil)
    }

    private func fired() {
        var expirations: UInt64 = 0
        _ = read(self.timer, &expirations, MemoryLayout<UInt64>.size)
        let now = MonotonicTime.now
        let (due, next) = self.state.withLock { state in
            let due = Array(state.waiting.prefix { $0.start <= now })
            state.waiting.removeFirst(due.count)
            return (due, state.waiting.first?.start)
        }
        if let next { self.arm(next) }
        for waiter in due { waiter.resume.resume() }
    }
}
