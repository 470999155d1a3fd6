import Glibc
import Locked

/// How far a long command is, on standard error: a bar on a terminal, else a line now and then.
final class Progress: Sendable {
    private struct State {
        var done = 0
        var shownAt: ContinuousClock.Instant
    }

    private let title: String
    private let total: Int?
    private let isTerminal: Bool
    private let start: ContinuousClock.Instant
    private let state: Locked<State>
    private static let width = 30

    /// Of so many pieces; nil: nobody knows.
    init(_ title: String, total: Int?) {
        let start = ContinuousClock.now
        self.title = title
        self.total = total.flatMap { $0 > 0 ? $0 : nil }
        self.isTerminal = isatty(STDERR_FILENO) == 1
        self.start = start
        self.state = Locked(State(shownAt: start))
        self.show(self.line(0, start, total: self.total), isLast: false)
    }

    /// So many more are done.
    func advance(by count: Int = 1) {
        let now = ContinuousClock.now
        let interval: Duration = self.isTerminal ? .milliseconds(100) : .seconds(5)
        let line = self.state.withLock { state -> String? in
            state.done += count
            guard now - state.shownAt >= interval else { return nil }
            state.shownAt = now
            return self.line(state.done, now, total: self.total)
        }
        if let line { self.show(line, isLast: false) }
    }

    /// All is done.
    func finish() {
        let done = self.state.withLock { $0.done }
        self.show(self.line(done, .now, total: self.total.map { _ in done }), isLast: true)
    }

    /// `audit  [#########.....................]  300/1000  30 %  150/s`; the total is what the table said hours ago, so it may be passed.
    private func line(_ done: Int, _ now: ContinuousClock.Instant, total: Int?) -> String {
        let seconds = Double((now - self.start).milliseconds) / 1000
        let rate = seconds > 0.1 ? "  \(Int(Double(done) / seconds))/s" : ""
        guard let total else { return "\(self.title)  \(done)\(rate)" }
        let share = total == 0 ? 1 : min(1, Double(done) / Double(max(total, done)))
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        return "\(self.title)  [\(bar)]  \(done)/\(max(total, done))  \(Int(share * 100)) %\(rate)"
    }

    private func show(_ line: String, isLast: Bool) {
        // The rest of an earlier, longer line is erased (ECMA-48, EL).
        let text = self.isTerminal ? "\r\(line)\u{1B}[K" + (isLast ? "\n" : "") : line + "\n"
        Console.complain(raw: text)
    }
}
