import GRDB
import SessionStore

extension SessionStoreError {
    /// What an error of SQLite means for a caller. Only its number is repeated: its text may hold paths and statements.
    init(sqlite error: any Error) {
        if let known = error as? SessionStoreError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.unavailable, "the file of sessions cannot be used; check its path, its rights and the disk")
            return
        }
        let (code, message) = Self.meaning(of: error.resultCode)
        self.init(code, message, underlying: "SQLite result \(error.extendedResultCode.rawValue)")
    }

    /// The task was cancelled before anything was begun.
    static var cancelledBeforeStart: SessionStoreError {
        SessionStoreError(.cancelled, "the calling task was cancelled; nothing was read or written")
    }

    /// Source: https://www.sqlite.org/rescode.html
    private static func meaning(of code: ResultCode) -> (Code, String) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            (.throttled, "other processes kept the file of sessions busy; try again, or spread the load")
        case .SQLITE_CANTOPEN:
            (.misconfigured, "the file of sessions cannot be opened; check its path and the rights on its folder")
        case .SQLITE_NOTADB:
            (.misconfigured, "the file for sessions is not one of SQLite; choose another path")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            (.accessDenied, "the file of sessions may not be written; check the rights on it and on its folder")
        case .SQLITE_FULL, .SQLITE_NOMEM:
            (.unavailable, "there is no space for the sessions; free some and try again")
        case .SQLITE_CORRUPT:
            (.unavailable, "the file of sessions is damaged; restore it, or move it away to begin anew")
        case .SQLITE_MISUSE, .SQLITE_ABORT, .SQLITE_INTERRUPT:
            (.closed, "the store was closed; open it again")
        default:
            (.unavailable, "the file of sessions cannot be used; check its path, its rights and the disk")
        }
    }
}
