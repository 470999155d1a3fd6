import Foundation
import History
import Simulation

/// A campaign with what it prints.
struct Program {
    let options: Options

    init(_ options: Options) {
        self.options = options
    }

    /// Answers whether all is well.
    func run() async -> Bool {
        let seeds = self.options.from..<self.options.from + self.options.seeds
        let campaign = Campaign(seeds: seeds, workers: self.options.workers, weakness: self.options.weakness, seconds: self.options.seconds)
        let start = Date()
        let progress = Thread {
            while true {
                Thread.sleep(forTimeInterval: 10)
                let report = campaign.report
                let broken = report.failures.isEmpty ? "" : ", broken in \(report.failures.sorted())"
                Self.tell("\(report.seeds) seeds, \(Self.rate(report.seeds, since: start)) a second\(broken)")
            }
        }
        progress.start()
        let report = await campaign.run()
        let rate = Self.rate(report.seeds, since: start)
        Self.tell(
            "seeds \(report.seeds), operations \(report.operations), seeds a second \(rate), seeds with violations \(report.failures.count)"
        )
        if let weakness = self.options.weakness { return self.judge(weakness, report) }
        for mark in Mark.allCases { Self.tell("  \(mark): \(report.marks[mark])") }
        for seed in report.failures.sorted() { Self.tell("a promise was broken; replay it with: simulate --seed \(seed)") }
        if let seed = report.failures.min() { Self.tell(Simulation(seed: seed).text) }
        // A handful of seeds cannot be everywhere.
        let missing = report.seeds < 5000 ? [] : report.marks.missing
        for mark in missing { Self.tell("never reached: \(mark)") }
        return report.failures.isEmpty && missing.isEmpty
    }

    private func judge(_ weakness: WeakRule, _ report: Campaign.Report) -> Bool {
        guard let seed = report.failures.min() else {
            Self.tell("\(weakness.rawValue) was not caught")
            return false
        }
        let rules = Set(Simulation(seed: seed, weakness: weakness).violations.map(\.rule.rawValue)).sorted()
        Self.tell("\(weakness.rawValue) caught after \(report.seeds) seeds: seed \(seed), \(rules.joined(separator: ", "))")
        return true
    }

    private static func rate(_ seeds: Int, since start: Date) -> Int {
        Int(Double(seeds) / max(0.001, Date().timeIntervalSince(start)))
    }

    private static func tell(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
