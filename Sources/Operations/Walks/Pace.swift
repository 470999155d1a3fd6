/// Spreads work evenly over time: so many pieces a second, without catching up on time that was lost. Pure.
package struct Pace: Hashable, Sendable {
    /// The time of one piece.
    private let interval: Duration
    /// When the next piece may start.
    private var next: Duration?

    /// A pace of so many pieces a second, at least one.
    package init(perSecond: Int) {
        self.interval = .seconds(1) / max(perSecond, 1)
    }

    /// How long to wait before `count` further pieces, at this uptime.
    package mutating func wait(before count: Int, now: Duration) -> Duration {
        let start = max(self.next ?? now, now)
        self.next = start + self.interval * count
        return start - now
    }
}
