import Synchronization

/// How far a long command is: a bar on a terminal, else a line now and then.
final class Progress: Sendable {
    private let title: String
    private let total: Int?
    private let start = ContinuousClock.now
    private let done = Atomic<Int>(0)
    private let line = StatusLine(every: .milliseconds(100))

    /// Of so many pieces; nil: nobody knows.
    init(_ title: String, total: Int?) {
        self.title = title
        self.total = total.flatMap { $0 > 0 ? $0 : nil }
        self.line.show(self.text(0, self.start, total: self.total))
    }

    /// So many more are done.
    func advance(by count: Int = 1) {
        let done = self.done.add(count, ordering: .relaxed).newValue
        self.line.showIfDue { now in self.text(done, now, total: self.total) }
    }

    /// All is done.
    func finish() {
        let done = self.done.load(ordering: .relaxed)
        self.line.show(self.text(done, .now, total: self.total.map { _ in done }), isLast: true)
    }

    /// `audit  [#########.....................]  300/1000  30 %  150/s`; the total is what the table said hours ago, so it may be passed.
    private func text(_ done: Int, _ now: ContinuousClock.Instant, total: Int?) -> String {
        let seconds = (now - self.start) / .seconds(1)
        let rate = seconds > 0.1 ? "  \(Int(Double(done) / seconds))/s" : ""
        guard let total else { return "\(self.title)  \(done)\(rate)" }
        let share = total == 0 ? 1 : min(1, Double(done) / Double(max(total, done)))
        return "\(self.title)  \(StatusLine.bar(share, width: 30))  \(done)/\(max(total, done))  \(Int(share * 100)) %\(rate)"
    }
}
