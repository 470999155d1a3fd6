package import SessionStore

/// What the cache knows of one session and may answer with: the states live, absent and tombstone of DESIGN section 3.
package struct CacheEntry: Hashable, Sendable {
    /// What the table said.
    package var content: Content
    /// The instant before the table was asked, or the write was sent to it. Age counts from here.
    package var cachedAt: Timestamp
    /// Which Redis server this was written to; entries of another one are re-checked. 0: not known.
    package var epoch: UInt64

    /// What the table said.
    package enum Content: Hashable, Sendable {
        /// This session. Its `origin` means nothing here.
        case live(Session)
        /// There is no such session. The entry ends at `until`.
        case absent(until: Timestamp)
        /// It was deleted at this version. The entry ends at `until`.
        case tombstone(SessionVersion, until: Timestamp)
    }

    /// An entry with these parts.
    package init(_ content: Content, cachedAt: Timestamp, epoch: UInt64) {
        self.content = content
        self.cachedAt = cachedAt
        self.epoch = epoch
    }

    /// When it stops being an answer: for a session its own expiration; nil if it has none.
    package var end: Timestamp? {
        switch self.content {
        case .live(let session): session.expiration
        case .absent(let until), .tombstone(_, let until): until
        }
    }
}
