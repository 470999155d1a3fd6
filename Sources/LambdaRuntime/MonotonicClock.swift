#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The operating system's clocks.
enum MonotonicClock {
    /// Time since the machine started, suspended time included: a frozen Lambda's deadline goes on.
    static var uptime: Duration { Self.read(CLOCK_BOOTTIME) }

    /// Time since 1970, which the runtime API's deadlines count.
    static var sinceEpoch: Duration { Self.read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
