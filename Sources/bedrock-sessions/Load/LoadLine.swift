import Glibc
import Load
import Locked

/// How a load goes, on standard error: a line that changes on a terminal, else one now and then.
final class LoadLine: Sendable {
    private let plan: LoadPlan
    private let isTerminal: Bool
    private let start = ContinuousClock.now
    private let shownAt: Locked<ContinuousClock.Instant>
    private static let width = 20

    init(_ plan: LoadPlan) {
        self.plan = plan
        self.isTerminal = isatty(STDERR_FILENO) == 1
        self.shownAt = Locked(ContinuousClock.now)
    }

    /// Shows it, when it is time.
    func show(_ result: Locked<LoadResult>) {
        let now = ContinuousClock.now
        let interval: Duration = self.isTerminal ? .milliseconds(250) : .seconds(5)
        let isTime = self.shownAt.withLock { shownAt in
            guard now - shownAt >= interval else { return false }
            shownAt = now
            return true
        }
        if isTime { self.write(self.line(result, now), isLast: false) }
    }

    /// Shows it once more.
    func finish(_ result: Locked<LoadResult>) {
        self.write(self.line(result, .now), isLast: true)
    }

    /// `load  [####........]  12 s of 60 s  103244/s  hits 97.8 %  p50 0.21 ms  p99 1.3 ms  p99.9 4.1 ms  errors 0`; figures of the last whole second.
    private func line(_ result: Locked<LoadResult>, _ now: ContinuousClock.Instant) -> String {
        let elapsed = (now - self.start).inSeconds
        let (point, answered, failures, wrong) = result.withLock { ($0.latest, $0.total.answered, $0.total.failures, $0.wrong) }
        let warmUp = self.plan.warmUp.inSeconds
        let (share, progress): (Double, String)
        switch self.plan.bound {
        case .duration(let duration):
            let whole = warmUp + duration.inSeconds
            (share, progress) = (elapsed / whole, "\(Int(min(elapsed, whole))) s of \(Int(whole.rounded(.up))) s")
        case .operations(let count):
            (share, progress) = (Double(answered) / Double(count), "\(answered) of \(count)")
        }
        let filled = Int(max(0, min(1, share)) * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        var parts = ["load  [\(bar)]", progress]
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

    private func write(_ line: String, isLast: Bool) {
        // The rest of an earlier, longer line is erased (ECMA-48, EL).
        Console.complain(raw: self.isTerminal ? "\r\(line)\u{1B}[K" + (isLast ? "\n" : "") : line + "\n")
    }
}
