package import SessionStore

/// What a key of the cache holds at one moment, for tools: what a read would only act on.
package struct CacheFinding: Hashable, Sendable {
    /// The states of DESIGN section 3.
    package enum State: Hashable, Sendable {
        /// There is no such key.
        case none
        /// A session; its origin says its age.
        case live(Session)
        /// "The table has no such session."
        case absent
        /// It was deleted at this version.
        case tombstone(SessionVersion)
        /// A reader may fill.
        case lease
        /// Writers are at work.
        case intent
        /// Nothing that may answer, and why.
        case bad(Flaw)
    }

    /// Why a value may not answer.
    package enum Flaw: String, CaseIterable, Hashable, Sendable {
        /// A list, a hash or the like.
        case otherType = "another type of Redis value"
        /// Of no state or form that this program knows.
        case otherFormat = "bytes of another format"
        /// A live entry whose payload is none.
        case undecodable = "an entry that cannot be decoded"
        /// By this process's clock.
        case ended = "an entry past its end"
        /// It lies open although there are keys.
        case unsealed = "an open entry although there are seal keys"
        /// It is sealed although there is no key.
        case sealed = "a sealed entry although there is no seal key"
        /// Its key is not among ours.
        case unknownKey = "sealed under a key that is not among ours"
        /// Changed, put where it does not belong, or sealed under another key of that id.
        case notAuthentic = "not authentic: changed, moved, or sealed under another key of that name"
    }

    /// What it holds.
    package var state: State
    /// Since when the table was not asked for it; nil where it is no entry.
    package var age: Duration?
    /// When the entry ends; nil where it is no entry, or never ends.
    package var end: Timestamp?
    /// Whether it was stored under the Redis server that answers now. False where the server hides who it is.
    package var isOfThisServer = false
    /// The id of the key that sealed it; nil: it lies open, or is no entry.
    package var sealKeyID: String?
    /// The value itself.
    let bytes: [UInt8]?
    /// The epoch of the server that answered.
    let epoch: UInt64

    /// Whether the key still holds the very value.
    package func isUnchanged(since earlier: CacheFinding) -> Bool {
        self.bytes == earlier.bytes
    }

    /// A key in this state, of which nothing else is known.
    package init(_ state: State) {
        self.init(state, bytes: nil, epoch: 0)
    }

    init(_ state: State, bytes: [UInt8]?, epoch: UInt64) {
        self.state = state
        self.bytes = bytes
        self.epoch = epoch
    }
}
