import AWS
import JSON
import SessionStore

extension CredentialReport {
    /// One line for each source.
    var text: String {
        let width = self.entries.map(\.source.count).max() ?? 0
        return self.entries.map { entry in
            let name = entry.source + String(repeating: " ", count: width - entry.source.count)
            return "\(name)  \(Self.sentence(entry.outcome))"
        }.joined(separator: "\n")
    }

    /// `source` (the one that is used, or null), `temporary`, `expires_at`, and `sources` with `name`, `outcome` (used, absent, failed, not_asked) and
    /// `reason`.
    var json: JSONValue {
        var used: JSONValue = .null
        var summary: Summary?
        let sources = self.entries.map { entry in
            var members: [JSONValue.Member] = [.init("name", .string(entry.source))]
            switch entry.outcome {
            case .used(let found):
                (used, summary) = (.string(entry.source), found)
                members.append(.init("outcome", "used"))
            case .absent(let reason): members += [.init("outcome", "absent"), .init("reason", .string(reason))]
            case .failed(let reason): members += [.init("outcome", "failed"), .init("reason", .string(reason))]
            case .notAsked: members.append(.init("outcome", "not_asked"))
            }
            return JSONValue.object(members)
        }
        return .object([
            .init("source", used), .init("temporary", summary.map { .bool($0.isTemporary) } ?? .null),
            .init("expires_at", summary?.expiration.flatMap { Timestamp(seconds: $0).iso8601 }.map { .string($0) } ?? .null),
            .init("sources", .array(sources)),
        ])
    }

    /// What to do where there are none.
    var advice: String {
        for entry in self.entries {
            if case .failed(let sentence) = entry.outcome { return "\(entry.source): \(sentence)" }
        }
        return "there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or one of the other sources above"
    }

    private static func sentence(_ outcome: Outcome) -> String {
        switch outcome {
        case .used(let summary):
            let kind = summary.isTemporary ? "temporary keys" : "keys"
            guard let end = summary.expiration.flatMap({ Timestamp(seconds: $0).iso8601 }) else { return "used: \(kind)" }
            return "used: \(kind) until \(end)"
        case .absent(let reason): return "none: \(reason)"
        case .failed(let reason): return "does not work: \(reason)"
        case .notAsked: return "not asked"
        }
    }
}
