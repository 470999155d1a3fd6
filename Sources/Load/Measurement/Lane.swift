/// What kind of answer an operation got; latencies are kept apart by it.
package enum Lane: String, CaseIterable, Hashable, Sendable {
    /// A read that the cache answered.
    case cache
    /// A read that the table answered.
    case table
    /// A read that the cache answered with more than its usual age, because the table did not answer.
    case stale
    /// A read that found no session.
    case absent
    case write
    case delete

    /// For a table or a plot.
    package var title: String {
        switch self {
        case .cache: "read, cache"
        case .table: "read, table"
        case .stale: "read, stale"
        case .absent: "read, no session"
        case .write: "write"
        case .delete: "delete"
        }
    }
}
