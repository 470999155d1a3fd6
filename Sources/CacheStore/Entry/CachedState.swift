package import SessionStore

/// The state of a Redis key as one process reads it, before anything is decoded that may not be needed.
package enum CachedState: Hashable, Sendable {
    /// No key.
    case none
    /// An entry that may answer, if it is not too old, has not ended, and its payload is good.
    case entry(EntryHeader)
    /// One reader, the one with this token, may fill.
    case lease(Token)
    /// One or more writers are at work.
    case intent
    /// Not one of the above: undecodable, or of another format.
    case bad
}

/// What stands in front of every entry, live, absent or tombstone.
package struct EntryHeader: Hashable, Sendable {
    /// The states that may answer.
    package enum Kind: Hashable, Sendable {
        case live, absent, tombstone
    }

    /// Which of them.
    package var kind: Kind
    /// The session's version, or that of its deletion.
    package var version: SessionVersion?
    /// The instant before the table was asked, or the write was sent to it.
    package var cachedAt: Timestamp
    /// Which Redis server this was written to.
    package var epoch: UInt64
    /// When it stops being an answer; nil for a session without expiration.
    package var end: Timestamp?

    /// A header with these parts.
    package init(_ kind: Kind, version: SessionVersion?, cachedAt: Timestamp, epoch: UInt64, end: Timestamp?) {
        self.kind = kind
        self.version = version
        self.cachedAt = cachedAt
        self.epoch = epoch
        self.end = end
    }

    /// What a write may take for granted of the item, subject to the table's own condition.
    package var basis: SessionWrite.Basis {
        switch self.kind {
        case .live: .live(self.version)
        case .absent: .absent
        case .tombstone: self.version.map(SessionWrite.Basis.deleted) ?? .unknown
        }
    }
}
