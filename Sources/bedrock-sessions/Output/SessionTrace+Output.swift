import JSON
import Operations

extension SessionTrace {
    /// Two or three lines.
    func text(digest: String?) -> String {
        let name = digest ?? "none: set BEDROCK_SESSIONS_LOG_KEY, or a seal key"
        return "digest:   \(name)\nstate:    \(self.state.rawValue.replacing("_", with: " "))\nmeans:    \(self.sentence)"
    }

    /// `digest` (or null), `state`, `means`, `in_table`, `in_cache`.
    func json(digest: String?) -> JSONValue {
        [
            "digest": digest.map { .string($0) } ?? .null, "state": .string(self.state.rawValue), "means": .string(self.sentence),
            "in_table": .bool(self.isInTable), "in_cache": .bool(self.isInCache),
        ]
    }
}
