import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Where a store gets the time from; tests and simulations inject their own.
public protocol SessionClock: Sendable {
    /// The wall clock, corrected as well as this clock can. Expirations and versions come from it.
    var now: Timestamp { get }

    /// Time since some fixed instant, going on while the machine or the process is suspended (a frozen Lambda), never set back.
    var uptime: Duration { get }

    /// Waits; throws `CancellationError` when the task is cancelled first.
    func sleep(for duration: Duration) async throws

    /// Has `action` called once, after `duration`, on any thread. What it returns calls it off; that comes too late where the action has begun.
    func alarm(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

extension SessionClock {
    /// By a task that sleeps; a clock that has timers needs none.
    public func alarm(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let sleeping = Task {
            do { try await self.sleep(for: duration) } catch { return }
            action()
        }
        return { sleeping.cancel() }
    }
}

/// The operating system's clocks, with the wall clock corrected by what a server's answers say.
///
/// One instance serves the table's client, which teaches it, and every store in front of it: a fast local clock must not take a live session for
/// an expired one.
public final class SystemClock: SessionClock {
    private let correction = Atomic<Int64>(0)

    /// A clock that trusts the local time until it learns better.
    public init() {}

    /// The local wall clock plus what was learned.
    public var now: Timestamp {
        Timestamp(milliseconds: Self.milliseconds(CLOCK_REALTIME) + self.correction.load(ordering: .relaxed))
    }

    /// What is added to the local wall clock, as far as answers taught.
    package var learnedCorrection: Duration { .milliseconds(self.correction.load(ordering: .relaxed)) }

    /// `CLOCK_BOOTTIME`: monotonic, and it counts suspended time (Linux man page clock_gettime(2)).
    public var uptime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Waits on the task's own executor.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }

    /// Corrects the wall clock by a server's `Date` (whole seconds): differences below two seconds are within that header's resolution
    /// and the request's travel time, and count as none.
    public func learn(serverTime: Timestamp) {
        let difference = serverTime.milliseconds - Self.milliseconds(CLOCK_REALTIME)
        self.correction.store(abs(difference) < 2000 ? 0 : difference, ordering: .relaxed)
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
