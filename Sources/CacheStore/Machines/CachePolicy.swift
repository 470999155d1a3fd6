internal import SessionStore

/// The numbers by which the machines decide, taken from the configuration.
struct CachePolicy: Hashable, Sendable {
    var revalidateAfter: Duration
    /// The age from which an entry is renewed behind its answer; nil: none is.
    var refreshAfter: Duration?
    var mustAnnounceWrites: Bool
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
        switch configuration.refresh {
        case .background: self.refreshAfter = configuration.refreshAfter ?? configuration.revalidateAfter / 2
        case .inline: self.refreshAfter = nil
        }
        switch configuration.writePolicy {
        case .available: self.mustAnnounceWrites = false
        case .consistent: self.mustAnnounceWrites = true
        }
        self.negativeTime = configuration.times.negative
        self.tombstoneTime = configuration.times.tombstone
        self.intentTime = configuration.times.intent
        self.writeBudget = configuration.writes.budget
        self.publishAttempts = configuration.writes.publishAttempts
        self.publishPause = configuration.writes.publishPause
        self.maximumEntrySize = configuration.maximumEntrySize
    }

    /// How long a replay may be worth sending: an older entry is checked by then before it answers, whatever clock dated it.
    var replayLifetime: Duration { self.revalidateAfter + self.clockTolerance }

    /// The entry for what the table said when it was asked at `askedAt`. `jitter` is a random number in 0..<1, `epoch` that of the answer that
    /// protects the entry from older ones: the lease's, or that of the bytes seen. Should it go to another server, that server's readers see that it is not theirs.
    func entry(for session: Session?, askedAt: Timestamp, epoch: UInt64, jitter: Double) -> CacheEntry {
        let content = session.map(CacheEntry.Content.live) ?? .absent(until: askedAt + self.negativeTime(jitter))
        return CacheEntry(content, cachedAt: askedAt, epoch: epoch)
    }

    /// Up to a fifth less than configured, so that what many readers missed at one moment is not missed again at one moment. Never more: `nil` is
    /// believed for the negative time at most.
    private func negativeTime(_ jitter: Double) -> Duration {
        max(.milliseconds(1), self.negativeTime - self.negativeTime / 5 * min(max(jitter, 0), 1))
    }

    /// The entry as scripts take it; `.none` for one that must not be cached: too large, or over already.
    func encode(_ entry: CacheEntry, now: Timestamp) -> EncodedEntry {
        if let end = entry.end, end <= now { return .none }
        guard let bytes = EntryEncoder.encode(entry, limit: self.maximumEntrySize) else { return .none }
        return EncodedEntry(bytes: bytes, end: self.end(of: entry, now: now))
    }

    /// A session ends in Redis at the very instant at which its item ends; one that never ends is kept until it would be checked anyway.
    private func end(of entry: CacheEntry, now: Timestamp) -> EntryEnd {
        switch entry.content {
        case .live(let session):
            session.expiration.map { .at(milliseconds: $0.milliseconds) } ?? .after(milliseconds: self.revalidateAfter.wholeMilliseconds)
        // By what is left, not by the instant: so short a time would suffer from clocks that differ.
        case .absent(let until):
            .after(milliseconds: (until - now).wholeMilliseconds)
        case .tombstone(_, let until):
            .at(milliseconds: until.milliseconds)
        }
    }
}
