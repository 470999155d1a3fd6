import Glibc
import Locked

/// One line on standard error that says how something long goes: on a terminal it changes in place, anywhere else it is a line now and then.
struct StatusLine: Sendable {
    private let interval: Duration
    private let isTerminal: Bool
    private let shownAt: Locked<ContinuousClock.Instant>

    /// A line that changes on a terminal after this time at the earliest; elsewhere there is one every five seconds.
    init(every interval: Duration) {
        self.isTerminal = isatty(STDERR_FILENO) == 1
        self.interval = self.isTerminal ? interval : .seconds(5)
        self.shownAt = Locked(ContinuousClock.now)
    }

    /// Shows what `line` makes, if it is time.
    func showIfDue(_ line: (ContinuousClock.Instant) -> String) {
        let now = ContinuousClock.now
        let isDue = self.shownAt.withLock { shownAt in
            guard now - shownAt >= self.interval else { return false }
            shownAt = now
            return true
        }
        if isDue { self.show(line(now)) }
    }

    /// Shows this now; after the last one the terminal's line is another.
    func show(_ line: String, isLast: Bool = false) {
        // The rest of an earlier, longer line is erased (ECMA-48, EL).
        Console.complain(raw: self.isTerminal ? "\r\(line)\u{1B}[K" + (isLast ? "\n" : "") : line + "\n")
    }

    /// `[#####.......]`
    static func bar(_ share: Double, width: Int) -> String {
        let filled = Int(max(0, min(1, share)) * Double(width))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
}
