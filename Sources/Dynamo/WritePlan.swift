import SessionStore

/// One attempt at a write: what it assumes and what it makes of the item.
struct WritePlan: Hashable, Sendable {
    /// What has to be unchanged.
    var fence: WriteFence
    /// What is done.
    var form: Form

    /// The forms of a write; each is one UpdateItem.
    enum Form: Hashable, Sendable {
        /// A session begins: nothing stays of what was there. `over` is the ended item, nil where there is none.
        case create(SessionRecord, over: Ended?)
        /// Single fields of a live session.
        case update(set: SessionData, remove: Set<String>)
        /// All fields of a live session.
        case replace(SessionData)
        /// The end of a live session is moved.
        case touch
        /// A live session is deleted; the names of attributes that are not ours go with it.
        case delete(otherNames: [String])
    }

    /// What a new session takes the place of.
    struct Ended: Hashable, Sendable {
        /// Deleted; otherwise it expired.
        var isTombstone: Bool
        /// Attributes that are not ours.
        var otherNames: [String]
    }
}
