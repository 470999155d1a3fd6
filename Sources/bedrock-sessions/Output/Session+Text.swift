import JSON
import SessionStore

extension Session {
    /// The session for a person: a line for each fact, then the fields.
    var text: String {
        var lines = [("session", self.key.rawValue), ("user", self.owner?.rawValue ?? "nobody")]
        if let version = self.version { lines.append(("version", String(version.rawValue))) }
        if let expiration = self.expiration { lines.append(("expires", expiration.iso8601 ?? String(expiration.seconds))) }
        let age = self.origin.age.map { ", \($0.milliseconds) ms old" } ?? ""
        lines.append(("origin", self.origin.name + age))
        let width = max(lines.map(\.0.count).max() ?? 0, self.data.keys.map(\.count).max() ?? 0)
        let facts = lines.map { Self.line($0, $1, width) }
        let fields = self.data.sorted { $0.key < $1.key }.map { Self.line($0.key, Self.text(of: $0.value), width) }
        return (facts + ["data:"] + (fields.isEmpty ? ["  (no fields)"] : fields.map { "  \($0)" })).joined(separator: "\n")
    }

    private static func line(_ name: String, _ value: String, _ width: Int) -> String {
        name + ": " + String(repeating: " ", count: max(0, width - name.count)) + value
    }

    private static func text(of value: SessionValue) -> String {
        value.string ?? String(decoding: value.json.encoded, as: UTF8.self)
    }
}
