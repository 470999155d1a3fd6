/// Where sessions are kept.
package enum StoreKind: Hashable, Sendable {
    /// A DynamoDB table.
    case dynamodb
    /// One SQLite file.
    case sqlite(path: String)
    /// This process; gone with it.
    case memory

    /// As it is written.
    package var text: String {
        switch self {
        case .dynamodb: "dynamodb"
        case .sqlite(let path): "sqlite:\(path)"
        case .memory: "memory"
        }
    }

    /// Parses `dynamodb`, `sqlite:PATH` or `memory`; nil for anything else.
    package init?(_ text: String) {
        let prefix = "sqlite:"
        switch text {
        case "dynamodb": self = .dynamodb
        case "memory": self = .memory
        case _ where text.hasPrefix(prefix) && text.utf8.count > prefix.utf8.count:
            self = .sqlite(path: String(text.dropFirst(prefix.count)))
        default: return nil
        }
    }
}
