package import Dynamo
import SessionStore

/// Whether an item of a file goes into the table. Pure: what the file says and what the table has, in; what to do, out.
package enum ImportDecision: Hashable, Sendable {
    /// It is written, where the table still has what was seen.
    case write
    /// It is left, for this reason.
    case leave(Reason)

    /// Why an item is left.
    package enum Reason: String, CaseIterable, Hashable, Sendable {
        /// The line is no item of a session or a user's memory.
        case malformed
        /// What the line holds has expired, or was deleted.
        case ended
        /// The table has this version already.
        case same
        /// The table has a later version, perhaps that of a deletion.
        case newer
        /// The table's session is another user's.
        case otherOwner = "other_owner"
        /// The table has an item there that is no session.
        case occupied
        /// Others wrote it each time that it was tried.
        case contended
    }

    /// What to do with this item where the table has that one.
    package init(_ item: TableItem?, over found: TableItem?) {
        guard let item, item.key != nil else {
            self = .leave(.malformed)
            return
        }
        switch item.state {
        case .malformed: self = .leave(.malformed)
        case .expired, .deleted: self = .leave(.ended)
        case .live: self = Self.compare(item, found)
        }
    }

    private static func compare(_ item: TableItem, _ found: TableItem?) -> ImportDecision {
        guard let found else { return .write }
        switch found.state {
        case .malformed: return .leave(.occupied)
        case .live(let session):
            if let owner = session.owner, owner != item.owner { return .leave(.otherOwner) }
            if case .live(let copy) = item.state, copy.version == session.version, copy.data == session.data { return .leave(.same) }
        case .expired, .deleted: break
        }
        // An item without a version is of a program that knows none: nobody can say that it is later.
        guard let version = item.version else { return .leave(.newer) }
        guard let present = found.version else { return .write }
        return present < version ? .write : .leave(present == version ? .same : .newer)
    }
}
