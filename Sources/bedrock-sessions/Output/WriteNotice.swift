import SessionStore

/// What a person should know about a write that was kept.
enum WriteNotice {
    /// Says on standard error when the cache could not be told.
    static func warn(about result: WriteResult) {
        switch result.cache {
        case .none, .published: return
        case .pending:
            Console.complain(
                "warning: the table has the change, but the cache could not be told; others may read the previous version for a minute")
        }
    }
}
