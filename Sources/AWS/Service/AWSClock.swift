import Glibc

/// The time and the chance that calls depend on: the system's, or a test's.
package struct AWSClock: Sendable {
    /// Seconds since 1970, as well as they are known: signatures are dated with them.
    package var seconds: @Sendable () -> Int64
    /// Time since some fixed instant, never set back: deadlines are measured with it.
    package var uptime: @Sendable () -> Duration
    /// Uniform in 0..<1: the jitter of retries.
    package var random: @Sendable () -> Double

    /// A clock of these functions.
    package init(
        seconds: @escaping @Sendable () -> Int64, uptime: @escaping @Sendable () -> Duration,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.seconds = seconds
        self.uptime = uptime
        self.random = random
    }

    /// The operating system's: `CLOCK_REALTIME` and `CLOCK_MONOTONIC`.
    package static let system = AWSClock(
        seconds: { Int64(Self.read(CLOCK_REALTIME).tv_sec) },
        uptime: {
            let time = Self.read(CLOCK_MONOTONIC)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        })

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}
