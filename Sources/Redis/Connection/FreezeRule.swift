/// Whether a socket that was good may have died unseen: the process was frozen, or nothing came for long.
///
/// A Lambda is frozen between two invocations, a laptop sleeps. Peers and what lies between give up connections meanwhile, and their last words
/// may never arrive. The monotonic clock stands still in some freezes and runs on in others, so both signs count: an old last arrival, and a wall clock
/// that went further than the monotonic one. A wall clock that is set forward looks the same, and costs one check.
struct FreezeRule {
    /// Nothing came for so long.
    let idleLimit: Duration
    /// So much more time passed by the wall than by the monotonic clock.
    static let jump = Duration.seconds(1)

    private var last: (uptime: Duration, wall: Duration)?

    init(idleLimit: Duration) {
        self.idleLimit = idleLimit
    }

    /// A connection was opened.
    mutating func opened(now: Duration, wall: Duration) {
        self.last = (now, wall)
    }

    /// A command is about to be written, the first after a while.
    mutating func isSuspect(lastArrival: Duration, now: Duration, wall: Duration) -> Bool {
        defer { self.last = (now, wall) }
        if now - lastArrival >= self.idleLimit { return true }
        guard let last else { return false }
        return (wall - last.wall) - (now - last.uptime) >= Self.jump
    }
}
