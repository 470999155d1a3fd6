import CacheStore
import Dynamo
import JSON
import Operations
import SessionStore

extension TierView {
    /// A table of two columns, and what differs.
    func page(at now: Timestamp) -> String {
        let rows = [["", "table", "cache"]] + self.rows(now)
        let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) } + [row[2]]
            return cells.joined(separator: "  ")
        }
        let verdict =
            switch self.agreement {
            case .agree: "the tiers agree"
            case .underWay: "a reader or a writer has the key: who reads now asks the table"
            case .differ(let how): how + (self.differences.isEmpty ? "" : ": " + self.differences.joined(separator: ", "))
            }
        return (lines + ["", verdict]).joined(separator: "\n")
    }

    private func rows(_ now: Timestamp) -> [[String]] {
        let (session, copy) = (self.table.session, self.copy)
        func row(_ name: String, _ value: (Session) -> String?) -> [String] {
            [name, session.flatMap(value) ?? "-", copy.flatMap(value) ?? "-"]
        }
        let written = session?.updatedAt.map { "written \((now - $0).shortText) ago" } ?? "-"
        let asked = self.cache?.age.map { "asked the table \($0.shortText) ago" } ?? "-"
        let server =
            self.cache?.age == nil
            ? "-" : self.cache?.isOfThisServer == true ? "of this Redis server" : "of another Redis server, or one that hides"
        return [
            ["state", self.table.word, self.cache.map(\.word) ?? "no cache"],
            row("version") { $0.version.map { String($0.rawValue) } ?? "none" },
            row("user") { $0.owner == nil ? "nobody" : $0.owner == session?.owner ? "the owner" : "somebody else" },
            row("expires") { $0.expiration.map { $0.iso8601 ?? String($0.seconds) } ?? "never" },
            ["age", written, asked],
            row("fields") { String($0.data.count) },
            ["seal key", "-", self.cache?.sealKeyID ?? (self.cache?.age == nil ? "-" : "none")],
            ["server", "-", server],
        ]
    }

    private var copy: Session? {
        if case .live(let copy)? = self.cache?.state { copy } else { nil }
    }

    /// `table` and `cache` with `state`, `version`, `expiration`, `expires_at`, `age_ms`, `seal_key`; `agreement` (agree, under_way, differ), `problem` and
    /// `differences`.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("table", .object([.init("state", .string(self.table.word))] + Self.facts(self.table.session))),
            .init("cache", self.cache.map { self.json(of: $0) } ?? .null),
        ]
        switch self.agreement {
        case .agree: members.append(.init("agreement", "agree"))
        case .underWay: members.append(.init("agreement", "under_way"))
        case .differ(let how): members += [.init("agreement", "differ"), .init("problem", .string(how))]
        }
        return .object(members + [.init("differences", .array(self.differences.map { .string($0) }))])
    }

    private func json(of finding: CacheFinding) -> JSONValue {
        var members: [JSONValue.Member] = [.init("state", .string(finding.word))] + Self.facts(self.copy)
        members.append(.init("age_ms", finding.age.map { .number(String($0.milliseconds)) } ?? .null))
        members.append(.init("seal_key", finding.sealKeyID.map { .string($0) } ?? .null))
        members.append(.init("of_this_server", .bool(finding.isOfThisServer)))
        return .object(members)
    }

    private static func facts(_ session: Session?) -> [JSONValue.Member] {
        [
            .init("version", session?.version.map { .number(String($0.rawValue)) } ?? .null),
            .init("expiration", session?.expiration.map { .number(String($0.seconds)) } ?? .null),
            .init("expires_at", session?.expiration?.iso8601.map { .string($0) } ?? .null),
        ]
    }
}

extension TableSide {
    /// A word or a few.
    fileprivate var word: String {
        switch self {
        case .none: "none"
        case .live: "live"
        case .expired: "expired"
        case .deleted: "deleted"
        case .malformed: "malformed"
        }
    }
}

extension CacheFinding {
    fileprivate var word: String {
        switch self.state {
        case .none: "none"
        case .live: "live"
        case .absent: "absent"
        case .tombstone: "deleted"
        case .lease: "lease of a reader"
        case .intent: "intent of writers"
        case .bad(let flaw): flaw.rawValue
        }
    }
}
