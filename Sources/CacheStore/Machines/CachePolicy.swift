internal import SessionStore

/// The numbers by which the machines decide, taken from the configuration.
struct CachePolicy: Hashable, Sendable {
    var revalidateAfter: Duration
    var negativeTime: Duration
    var tombstoneTime: Duration
    var intentTime: Duration
    var writeBudget: Duration
    var publishAttempts: Int
    var publishPause: Duration
    var maximumEntrySize: Int
    /// An entry from further in the future than this comes from a clock that cannot be trusted: it is checked against the table.
    var clockTolerance: Duration = .seconds(5)

    /// Whether an entry of another Redis server is checked against the table.
    var checksEpoch = true

    init(_ configuration: CacheConfiguration) {
        self.revalidateAfter = configuration.revalidateAfter
        self.negativeTime = configuration.times.negative
        self.tombstoneTime = configuration.times.tombstone
        self.intentTime = configuration.times.intent
        self.writeBudget = configuration.writes.budget
        self.publishAttempts = configuration.writes.publishAttempts
        self.publishPause = configuration.writes.publishPause
        self.maximumEntrySize = configuration.maximumEntrySize
    }

    /// The entry for what the table said when it was asked at `askedAt`. `epoch` is that of the answer that protects the entry from older ones: the
    /// lease's, or that of the bytes seen. Should it go to another server, that server's readers see that it is not theirs.
    func entry(for session: Session?, askedAt: Timestamp, epoch: UInt64) -> CacheEntry {
        let content = session.map(CacheEntry.Content.live) ?? .absent(until: askedAt + self.negativeTime)
        return CacheEntry(content, cachedAt: askedAt, epoch: epoch)
    }

    /// The entry as scripts take it; `.none` for one that must not be cached: too large, or over already.
    func encode(_ entry: CacheEntry, now: Timestamp) -> EncodedEntry {
        if let end = entry.end, end <= now { return .none }
        guard let bytes = EntryEncoder.encode(entry, limit: self.maximumEntrySize) else { return .none }
        return EncodedEntry(bytes: bytes, end: self.end(of: entry))
    }

    /// A session ends in Redis at the very instant at which its item ends; one that never ends is kept until it would be checked anyway.
    private func end(of entry: CacheEntry) -> EntryEnd {
        switch entry.content {
        case .live(let session):
            session.expiration.map { .at(milliseconds: $0.milliseconds) } ?? .after(milliseconds: self.revalidateAfter.wholeMilliseconds)
        case .absent:
            .after(milliseconds: self.negativeTime.wholeMilliseconds)
        case .tombstone(_, let until):
            .at(milliseconds: until.milliseconds)
        }
    }
}
