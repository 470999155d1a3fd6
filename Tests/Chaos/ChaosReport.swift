import History
import SessionStore

/// What a phase came to.
package struct PhaseReport: Sendable {
    /// What went wrong in it.
    package var name: String
    /// Calls that returned.
    package var operations = 0
    /// Writes that changed something and were acknowledged.
    package var acknowledged = 0
    /// Acknowledged writes that the cache was not told of in time.
    package var pending = 0
    /// Acknowledged writes of which something is missing, and answers that no write explains.
    package var lost = 0
    /// Answers older than DESIGN section 3 allows under this fault, an absence that is none, or more than that about staleness.
    package var stale = 0
    /// Calls that threw, but for `.notOwner`.
    package var errors = 0
    /// Those by code.
    package var codes: [String: Int] = [:]
    /// Answers of the cache.
    package var hits = 0
    /// The mean time of a call.
    package var mean = Duration.zero
    /// The time that 99 of 100 calls kept.
    package var tail = Duration.zero
    /// From the end of the fault to the first answer of the cache to a read that began after it.
    package var firstHit: Duration?
    /// What was broken, in words.
    package var violations: [String] = []

    /// Calls that threw, of all.
    package var errorRate: Double { self.operations == 0 ? 0 : Double(self.errors) / Double(self.operations) }
}

extension PhaseReport {
    /// Adds up a history, `restored` being the time at which the fault ended.
    init(_ name: String, _ history: History, _ found: [Violation], unread: Int, restored: Timestamp) {
        self.name = name
        var times: [Duration] = []
        for operation in history.operations {
            guard let ended = operation.ended else { continue }
            self.operations += 1
            times.append(ended.time - operation.began.time)
            switch operation.outcome {
            case .open: break
            case .answered(let session): self.note(session, operation, ended, restored)
            case .acknowledged(let result):
                if result.changed { self.acknowledged += 1 }
                if result.cache == .pending { self.pending += 1 }
            case .failed(let error) where error.code == .notOwner: break
            case .failed(let error):
                self.errors += 1
                self.codes[error.code.label, default: 0] += 1
            }
        }
        times.sort()
        if !times.isEmpty {
            self.mean = times.reduce(.zero, +) / times.count
            self.tail = times[times.count * 99 / 100]
        }
        self.lost = unread
        for violation in found {
            switch violation.rule {
            case .acknowledged, .linearizable, .bounded, .age, .stale, .absence, .expired: self.stale += 1
            case .revived, .owner, .content, .field, .order, .once, .failure: self.lost += 1
            }
        }
        self.violations = found.map(\.description) + (unread > 0 ? ["\(unread) sessions could not be read after the fault"] : [])
    }

    private mutating func note(_ session: Session?, _ operation: Operation, _ ended: Moment, _ restored: Timestamp) {
        guard case .cache? = session?.origin else { return }
        self.hits += 1
        guard operation.began.time >= restored else { return }
        let time = ended.time - restored
        self.firstHit = min(time, self.firstHit ?? time)
    }
}

/// What a run came to.
package struct ChaosReport: Sendable {
    /// The plan's seed.
    package var seed: UInt64
    /// The phases in their order.
    package var phases: [PhaseReport] = []

    /// Whether every promise was kept.
    package var isClean: Bool { self.phases.allSatisfy { $0.lost == 0 && $0.stale == 0 } }

    /// The heads of the table's columns.
    package static let heads = [
        "fault", "operations", "acknowledged", "pending", "lost", "stale", "errors", "hits", "mean", "99 %", "added", "first hit",
    ]

    /// The table's rows, below the heads.
    package var rows: [[String]] {
        let calm = self.phases.first?.mean ?? .zero
        return self.phases.map { phase in
            let added = phase.mean - calm
            return [
                phase.name, "\(phase.operations)", "\(phase.acknowledged)", "\(phase.pending)", "\(phase.lost)", "\(phase.stale)",
                Self.percent(phase.errorRate), Self.percent(phase.operations == 0 ? 0 : Double(phase.hits) / Double(phase.operations)),
                Self.milliseconds(phase.mean), Self.milliseconds(phase.tail), Self.milliseconds(added),
                phase.firstHit.map { Self.milliseconds($0) } ?? "-",
            ]
        }
    }

    /// The table as Markdown.
    package var markdown: String {
        let rows = [Self.heads] + self.rows
        let widths = Self.heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            "| " + zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ") + " |"
        }
        lines.insert("|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|", at: 1)
        return lines.joined(separator: "\n")
    }

    private static func percent(_ part: Double) -> String {
        "\(Self.tenths(Int((part * 1000).rounded()))) %"
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return "\(Self.tenths(Int(seconds * 10_000 + attoseconds / 100_000_000_000_000))) ms"
    }

    private static func tenths(_ number: Int) -> String {
        "\(number < 0 ? "-" : "")\(abs(number) / 10).\(abs(number) % 10)"
    }
}
