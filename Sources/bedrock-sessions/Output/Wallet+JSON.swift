import JSON
import SessionStore

extension RecalledWallet {
    /// The wallet as a document: `wallet_address`, `chain`, `source` (`memory` or `session`), `updated_at` (ISO 8601) and, when it is older than the store
    /// usually answers with, `stale_ms`.
    var json: JSONValue {
        var members = [
            JSONValue.Member("wallet_address", .string(self.wallet.text)),
            JSONValue.Member("chain", .string(self.wallet.chain.name)),
            JSONValue.Member("source", .string(self.source == .memory ? "memory" : "session")),
            JSONValue.Member("updated_at", self.updatedAt?.iso8601.map { .string($0) } ?? .null),
        ]
        if let staleness = self.staleness { members.append(JSONValue.Member("stale_ms", .number(String(staleness.milliseconds)))) }
        return .object(members)
    }
}
