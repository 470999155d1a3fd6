import JSON
import SessionStore

extension Session {
    /// The session as a document: `id`, `user`, `data`, `version`, `expiration` (Unix seconds), `expires_at` (ISO 8601), `created_at`, `updated_at`,
    /// `origin` (`table`, `cache` or `stale`) and, for the latter two, `age_ms`.
    var json: JSONValue {
        var members = [
            JSONValue.Member("id", .string(self.key.rawValue)),
            JSONValue.Member("user", self.owner.map { .string($0.rawValue) } ?? .null),
            JSONValue.Member("data", SessionValue.object(self.data)),
            JSONValue.Member("version", self.version.map { .number(String($0.rawValue)) } ?? .null),
            JSONValue.Member("expiration", self.expiration.map { .number(String($0.seconds)) } ?? .null),
            JSONValue.Member("expires_at", self.expiration.json),
            JSONValue.Member("created_at", self.createdAt.json),
            JSONValue.Member("updated_at", self.updatedAt.json),
            JSONValue.Member("origin", .string(self.origin.name)),
        ]
        if let age = self.origin.age { members.append(JSONValue.Member("age_ms", .number(String(age.milliseconds)))) }
        return .object(members)
    }
}

extension Session.Origin {
    /// A word for a document.
    var name: String {
        switch self {
        case .table: "table"
        case .cache: "cache"
        case .stale: "stale"
        }
    }

    /// The age of a copy; nil for the table's own.
    var age: Duration? {
        switch self {
        case .table: nil
        case .cache(let age), .stale(let age): age
        }
    }
}

extension Optional where Wrapped == Timestamp {
    fileprivate var json: JSONValue {
        self?.iso8601.map { .string($0) } ?? .null
    }
}
