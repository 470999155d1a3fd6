import Load
import Locked

/// How a load goes: a line that changes on a terminal, else one now and then.
struct LoadLine: Sendable {
    private let plan: LoadPlan
    private let start = ContinuousClock.now
    private let line = StatusLine(every: .milliseconds(250))

    init(_ plan: LoadPlan) {
        self.plan = plan
    }

    /// Shows it, when it is time.
    func show(_ result: Locked<LoadResult>) {
        self.line.showIfDue { now in self.text(result, now) }
    }

    /// Shows it once more.
    func finish(_ result: Locked<LoadResult>) {
        self.line.show(self.text(result, .now), isLast: true)
    }

    /// `load  [####........]  12 s of 60 s  103244/s  hits 97.8 %  p50 0.21 ms  p99 1.3 ms  p99.9 4.1 ms  errors 0`; figures of the last whole second.
    private func text(_ result: Locked<LoadResult>, _ now: ContinuousClock.Instant) -> String {
        let elapsed = (now - self.start) / .seconds(1)
        let (point, answered, failures, wrong) = result.withLock { ($0.latest, $0.total.answered, $0.total.failures, $0.wrong) }
        let warmUp = self.plan.warmUp / .seconds(1)
        let (share, progress): (Double, String)
        switch self.plan.bound {
        case .duration(let duration):
            let whole = warmUp + duration / .seconds(1)
            (share, progress) = (elapsed / whole, "\(Int(min(elapsed, whole))) s of \(Int(whole.rounded(.up))) s")
        case .operations(let count):
            (share, progress) = (Double(answered) / Double(count), "\(answered) of \(count)")
        }
        var parts = ["load", StatusLine.bar(share, width: 20), progress]
        if let point {
            parts.append("\(point.all.count)/s")
            if let hits = point.hitRatio { parts.append("hits \(LoadText.percent(hits))") }
            parts.append("p50 \(LoadText.time(point.all.p50))  p99 \(LoadText.time(point.all.p99))  p99.9 \(LoadText.time(point.all.p999))")
        } else if elapsed < warmUp {
            parts.append("warming up")
        }
        parts.append("errors \(failures)")
        if wrong > 0 { parts.append("WRONG ANSWERS \(wrong)") }
        return parts.joined(separator: "  ")
    }
}
