internal import Glibc

/// The system's idea of the time of day, which goes on while the process is frozen.
enum WallClock {
    static func now() -> Duration {
        var time = timespec()
        // clock_gettime(2) writes the structure; CLOCK_REALTIME always exists.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
