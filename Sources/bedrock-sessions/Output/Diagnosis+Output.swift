import JSON
import Operations

extension [Diagnosis] {
    /// A line for each check, and one below it for what to do.
    func text(_ style: Style) -> String {
        let width = self.map(\.check.title.count).max() ?? 0
        return self.flatMap { diagnosis -> [String] in
            let title = diagnosis.check.title + String(repeating: " ", count: width - diagnosis.check.title.count)
            let line = "\(Self.word(diagnosis.verdict, style))  \(title)  \(diagnosis.evidence)"
            guard let fix = diagnosis.fix else { return [line] }
            return [line, String(repeating: " ", count: 11 + width) + style.dim("fix: ") + fix]
        }.joined(separator: "\n")
    }

    /// `healthy`, and `checks` with `name`, `verdict` (pass, warning, failure, unknown), `evidence` and, where something is to be done, `fix`.
    func json(isStrict: Bool) -> JSONValue {
        let checks = self.map { diagnosis in
            var members: [JSONValue.Member] = [
                .init("name", .string(diagnosis.check.rawValue)), .init("verdict", .string(diagnosis.verdict.rawValue)),
                .init("evidence", .string(diagnosis.evidence)),
            ]
            if let fix = diagnosis.fix { members.append(.init("fix", .string(fix))) }
            return JSONValue.object(members)
        }
        return ["healthy": .bool(self.failed(isStrict: isStrict).isEmpty), "checks": .array(checks)]
    }

    /// Those that make the command fail.
    func failed(isStrict: Bool) -> [Diagnosis] {
        self.filter { diagnosis in
            switch diagnosis.verdict {
            case .failure: true
            case .warning, .unknown: isStrict
            case .pass: false
            }
        }
    }

    /// Seven characters wide.
    private static func word(_ verdict: Diagnosis.Verdict, _ style: Style) -> String {
        switch verdict {
        case .pass: style.green("ok     ")
        case .warning: style.blue("warning")
        case .failure: style.red("FAILED ")
        case .unknown: style.dim("unknown")
        }
    }
}
