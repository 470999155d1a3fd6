package import JSON

/// A plan for a person, and for a program.
package struct CapacityPage {
    private let plan: CapacityPlan

    /// A page of this plan.
    package init(_ plan: CapacityPlan) { self.plan = plan }

    /// A table to be read in a minute, what to set, and everything that was assumed.
    package var text: String {
        let sections = self.plan.sections
        let figures = sections.flatMap(\.figures)
        let label = figures.map(\.label.count).max() ?? 0
        let value = max(figures.map { $0.text($0.value).count }.max() ?? 0, "average".count)
        let peak = max(figures.compactMap { figure in figure.peak.map { figure.text($0).count } }.max() ?? 0, "peak".count)
        var lines: [String] = []
        for section in sections {
            let hasPeak = section.figures.contains { $0.peak != nil }
            lines.append(
                Self.line(section.title.uppercased(), label, hasPeak ? "average" : "", value, hasPeak ? "peak" : "", peak, ""))
            for figure in section.figures {
                lines.append(
                    Self.line(
                        "  " + figure.label, label, figure.text(figure.value), value, figure.peak.map(figure.text) ?? "", peak,
                        figure.reason))
            }
            lines.append("")
        }
        lines.append("WHAT TO SET")
        lines += self.plan.advice.map { "  " + $0 } + ["", "ASSUMED"]
        let assumed = self.assumptions
        let (name, number) = (assumed.map(\.name.count).max() ?? 0, assumed.map(\.value.count).max() ?? 0)
        lines += assumed.map { "  \(Self.right($0.name, name))  \(Self.left($0.value, number))  \($0.meaning)" }
        lines += [
            "", "Prices: AWS's public ones of us-east-1, on demand, as of \(Prices.date). They change: check them",
            "  " + Prices.pages.joined(separator: "\n  "),
        ]
        lines.append("Not in it: traffic between zones, logs, metrics, keys, backups beyond the continuous ones, Bedrock itself.")
        return lines.joined(separator: "\n")
    }

    private static func line(
        _ label: String, _ labelWidth: Int, _ value: String, _ valueWidth: Int, _ peak: String, _ peakWidth: Int, _ reason: String
    ) -> String {
        let line = "\(self.right(label, labelWidth + 2))  \(self.left(value, valueWidth))  \(self.left(peak, peakWidth))  \(reason)"
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private static func right(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
    private static func left(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }

    /// Everything that was assumed: the option that changes it, its value, what it is.
    package var assumptions: [(name: String, value: String, meaning: String)] {
        let input = self.plan.input
        return CapacityOption.all.map { ($0.name, CapacityText.plain(input[keyPath: $0.path]), $0.meaning) } + [
            ("--cache", input.cache.rawValue, "serverless, nodes or none"),
            (
                "--hit-ratio", CapacityText.plain(self.plan.hitRatio.rounded(to: 1e4)),
                input.hitRatio == nil ? "from turns, reads and --revalidate-after" : "as given"
            ),
            (
                "--reads-per-core", CapacityText.plain(input.cachedReadsPerCore),
                input.readsPerCore == nil ? "measured, docs/PERFORMANCE.md" : "as given"
            ),
            ("--user-memory", input.hasUserMemory ? "yes" : "no", "users are known, and remembered beyond a session"),
            ("--seal", input.isSealed ? "yes" : "no", "entries are sealed"),
            ("--lambda", input.hasLambda ? "yes" : "no", "a Lambda function carries it"),
        ]
    }

    /// `{"load":{"turns":{"average","peak"},...},...,"advice":[...],"assumptions":{...},"prices_as_of"}`; figures without a peak are numbers.
    package var json: JSONValue {
        var members = self.plan.sections.map { section in
            JSONValue.Member(
                section.key,
                .object(
                    section.figures.map { figure in
                        let value = Self.number(figure.value)
                        guard let peak = figure.peak else { return .init(figure.key, value) }
                        return .init(figure.key, ["average": value, "peak": Self.number(peak)])
                    }))
        }
        members.append(.init("advice", .array(self.plan.advice.map { .string($0) })))
        members.append(.init("assumptions", .object(self.assumptions.map { .init(String($0.name.dropFirst(2)), .string($0.value)) })))
        members.append(.init("prices_as_of", .string(Prices.date)))
        return .object(members)
    }

    /// Six decimals: what is beyond is the arithmetic's, not the world's.
    private static func number(_ value: Double) -> JSONValue {
        .number(abs(value) < 1e12 ? CapacityText.plain(value.rounded(to: 1e6)) : "\(value)")
    }
}

extension Double {
    /// The nearest number with so many parts of one.
    fileprivate func rounded(to scale: Double) -> Double { (self * scale).rounded() / scale }
}
