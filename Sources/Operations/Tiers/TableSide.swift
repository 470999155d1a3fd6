package import Dynamo
package import SessionStore

/// What the source of truth holds of one session, ended or not.
package enum TableSide: Hashable, Sendable {
    /// Nothing.
    case none
    /// A session.
    case live(Session)
    /// It has expired, and is not removed yet.
    case expired
    /// The mark of a deletion.
    case deleted(SessionVersion?)
    /// Not of the shape of a session; the sentence says where.
    case malformed(String)

    /// What an item is.
    package init(_ item: TableItem?) {
        switch item?.state {
        case nil: self = .none
        case .live(let session)?: self = .live(session)
        case .expired?: self = .expired
        case .deleted?: self = .deleted(item?.version)
        case .malformed(let sentence)?: self = .malformed(sentence)
        }
    }

    /// The session, if there is one.
    package var session: Session? {
        if case .live(let session) = self { session } else { nil }
    }
}
