import CacheStore

/// What became of a session: whether it was ever seen, has expired, was deleted, or sits in one tier only.
package struct SessionTrace: Hashable, Sendable {
    /// The answers.
    package enum State: String, Hashable, Sendable {
        /// A reader gets it.
        case live
        /// It ended by itself.
        case expired
        /// Somebody deleted it.
        case deleted
        /// Its item is none that can be read.
        case malformed
        /// The cache alone has something of it: it was there, and the table has no item any more.
        case cacheOnly = "cache_only"
        /// Neither tier has anything of it: it never was, or ended so long ago that the table removed it.
        case unknown
    }

    /// What became of it.
    package var state: State
    /// In a sentence.
    package var sentence: String
    /// Whether the table has an item.
    package var isInTable: Bool
    /// Whether the cache has a key for it.
    package var isInCache: Bool

    /// Whether a reader gets it.
    package var isLive: Bool { self.state == .live }

    /// What both tiers say.
    package init(_ view: TierView) {
        self.isInTable = view.table != .none
        switch view.cache?.state {
        case nil, .none?: self.isInCache = false
        default: self.isInCache = true
        }
        let copy = if case .live? = view.cache?.state { true } else { false }
        switch view.table {
        case .live:
            self.state = .live
            let place =
                view.cache == nil ? "in the table; there is no cache" : copy ? "in the table and in the cache" : "in the table alone"
            let doubt = if case .differ(let how) = view.agreement { "; \(how)" } else { "" }
            self.sentence = "the session is live, \(place)\(doubt)"
        case .expired:
            self.state = .expired
            self.sentence = "the session has expired; the table has not removed its item yet"
        case .deleted:
            self.state = .deleted
            self.sentence = "the session was deleted; the mark of that is in the table until its time to live removes it"
        case .malformed(let why):
            self.state = .malformed
            self.sentence = why
        case .none where copy:
            self.state = .cacheOnly
            self.sentence = "the table has no such session, and the cache has a copy: `bedrock-sessions audit --repair` removes it"
        case .none:
            if case .tombstone? = view.cache?.state {
                self.state = .deleted
                self.sentence = "the session was deleted within the last hour; the cache remembers that, the table has no item any more"
            } else {
                self.state = .unknown
                self.sentence = "there is no such session: it never was, or it ended and the table has removed it"
            }
        }
    }
}
