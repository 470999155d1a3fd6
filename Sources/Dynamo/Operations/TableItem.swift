public import SessionStore

/// One item of the table as an audit sees it.
public struct TableItem: Hashable, Sendable {
    /// What it is about; nil: its key is that of no session and of no user's memory.
    public var key: SessionKey?
    /// What it is.
    public var state: State
    /// Whose it is, ended or not, if that can be read.
    public var owner: UserID?
    /// Its version, ended or not; nil for items of programs without versions.
    public var version: SessionVersion?

    /// What an item is.
    public enum State: Hashable, Sendable {
        /// A session, or a user's memory.
        case live(Session)
        /// It has expired, and the table has not removed it yet.
        case expired
        /// It was deleted; what is left keeps its version.
        case deleted
        /// It violates the shape; the sentence says where, without values.
        case malformed(String)
    }

    /// An item with these parts.
    public init(key: SessionKey?, state: State, owner: UserID? = nil, version: SessionVersion? = nil) {
        self.key = key
        self.state = state
        self.owner = owner
        self.version = version
    }

    init(_ name: String, _ item: StoredItem, at now: Timestamp) {
        self.key = SessionKey(rawValue: name)
        self.owner = item.record.owner
        self.version = item.record.version
        guard let key = self.key else {
            self.state = .malformed("the key is neither a session id nor user# and a user id")
            return
        }
        if item.isTombstone {
            self.state = .deleted
        } else if item.isExpired(at: now) {
            self.state = .expired
        } else {
            do throws(SessionStoreError) {
                try item.requireShape()
                self.state = item.record.session(key, at: now).map { .live($0) } ?? .expired
            } catch {
                self.state = .malformed(error.message)
            }
        }
    }
}
