import JSON
import Load

extension LoadResult {
    /// A table by kind of answer, and what there is to say below it.
    func text(_ style: Style) -> String {
        let table = LoadTable(self)
        let rows = [table.head] + table.rows
        let widths = table.head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.enumerated().map { number, row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }
            return number == 0 ? style.dim(cells.joined(separator: "  ")) : cells.joined(separator: "  ")
        }
        return (lines + [""] + self.remarks(style)).joined(separator: "\n")
    }

    private func remarks(_ style: Style) -> [String] {
        var remarks: [String] = []
        var facts = ["\(LoadText.number(self.duration / .seconds(1))) s"]
        if let hits = self.total.hitRatio { facts.append("hits \(LoadText.percent(hits))") }
        facts.append("\(LoadText.number(self.processorMicroseconds)) us of this machine's processors for each operation")
        remarks.append(facts.joined(separator: ", "))
        let errors = self.total.errors.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        remarks.append(errors.isEmpty ? "no errors" : style.red("errors: " + errors.joined(separator: ", ")))
        remarks += self.total.sentences.sorted { $0.key < $1.key }.map { style.dim("  \($0.key): ") + $0.value }
        let faults = self.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
        remarks.append(
            faults.isEmpty
                ? style.green("every answer was right") : style.red("WRONG ANSWERS: " + faults.joined(separator: ", ")))
        if self.older > 0 {
            remarks.append("\(self.older) answers were older than what was acknowledged, within the time that this is allowed")
        }
        if case .open(let wanted) = self.plan.pacing, !self.isInterrupted, self.rate < wanted * 0.98 {
            remarks.append(
                style.red("it fell behind: \(LoadText.number(self.rate)) a second where \(LoadText.number(wanted)) were asked for")
                    + "; the wait is part of the latencies, more --concurrency may help")
        }
        if self.isInterrupted { remarks.append("interrupted: these are the figures until then") }
        return remarks
    }

    /// `seconds`, `operations`, `rate`, `hit_ratio`, `cpu_us`, `lanes` by kind (`count`, `p50_us`, ...), `errors` and `wrong` by word, `older`,
    /// `interrupted`, and what the load was.
    var json: JSONValue {
        let lanes = Lane.allCases.compactMap { lane in self.total.latencies[lane].map { JSONValue.Member(lane.rawValue, $0.summary) } }
        return .object([
            .init("seconds", .decimal(self.duration / .seconds(1))),
            .init("operations", .number(String(self.total.answered))),
            .init("rate", .decimal(self.rate)),
            .init("hit_ratio", self.total.hitRatio.map { .decimal($0) } ?? .null),
            .init("cpu_us", .decimal(self.processorMicroseconds)),
            .init("all", self.total.merged().summary),
            .init("lanes", .object(lanes)),
            .init("errors", .object(self.total.errors.sorted { $0.key < $1.key }.map { .init($0.key, .number(String($0.value))) })),
            .init(
                "wrong",
                .object(self.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { .init($0.key.rawValue, .number(String($0.value))) })),
            .init("older", .number(String(self.older))),
            .init("interrupted", .bool(self.isInterrupted)),
            .init("plan", self.plan.json),
            .init("workers", .number(String(self.workers))),
        ])
    }
}

extension Latencies {
    fileprivate var summary: JSONValue {
        func microseconds(_ time: Int64) -> JSONValue { .decimal(Double(time) / 1000) }
        return .object([
            .init("count", .number(String(self.count))), .init("p50_us", microseconds(self.percentile(50))),
            .init("p90_us", microseconds(self.percentile(90))), .init("p99_us", microseconds(self.percentile(99))),
            .init("p999_us", microseconds(self.percentile(99.9))), .init("max_us", microseconds(self.longest)),
        ])
    }
}

extension LoadPlan {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("sessions", .number(String(self.sessions)))]
        switch self.popularity {
        case .zipf(let exponent): members.append(.init("zipf", .decimal(exponent)))
        case .uniform: members.append(.init("zipf", .null))
        }
        members += [
            .init("reads", .decimal(self.mix.reads)), .init("writes", .decimal(self.mix.writes)),
            .init("deletes", .decimal(self.mix.deletes)), .init("value_bytes", .number(String(self.valueBytes))),
            .init("concurrency", .number(String(self.concurrency))),
        ]
        if case .open(let rate) = self.pacing {
            members.append(.init("rate", .decimal(rate)))
        } else {
            members.append(.init("rate", .null))
        }
        members += [.init("warm_up", .decimal(self.warmUp / .seconds(1))), .init("seed", .number(String(self.seed)))]
        return .object(members)
    }
}

extension JSONValue {
    /// Rounded to a thousandth.
    fileprivate static func decimal(_ number: Double) -> JSONValue {
        .number(String((number * 1000).rounded() / 1000))
    }
}
