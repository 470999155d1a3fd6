internal import Locked
internal import SessionStore

/// Recently read sessions in the memory of this process, as all its tasks share them. `NearTable` decides; this holds the locks and the clock.
///
/// Off until `trackingBegan`: an entry may only be kept while the server tells of changes.
package final class NearCache: Sendable {
    private let tables: [Locked<NearTable>]
    private let begun = Locked((isOn: false, times: 0))
    private let hash: NearHash
    private let clock: any SessionClock
    /// What stands in front of a session's name in Redis.
    private let keyPrefix: [UInt8]
    /// How old an entry may be that answers without a look at Redis, which renews it then.
    private let freshness: Duration

    /// So many parts, each with its lock, where there are entries enough.
    private static let partCount = 16

    init(
        _ configuration: CacheConfiguration.NearCache, freshness: Duration, keyPrefix: [UInt8], clock: any SessionClock, seed: UInt64,
        rule: NearRule
    ) {
        let rows = max(1, configuration.entries / NearTable.rowSize)
        let parts = min(Self.partCount, rows)
        self.tables = (0..<parts).map { part in
            // The rows are shared out evenly: together no more than were asked for.
            let share = rows / parts + (part < rows % parts ? 1 : 0)
            return Locked(NearTable(entries: share * NearTable.rowSize, maxAge: configuration.maxAge, rule: rule))
        }
        self.hash = NearHash(seed: seed)
        self.clock = clock
        self.keyPrefix = keyPrefix
        self.freshness = freshness
    }

    /// How many sessions are kept now.
    package var count: Int { self.tables.reduce(0) { $0 + $1.withLock { $0.count } } }

    /// Whether the server tells of changes now.
    package var isOn: Bool { self.begun.withLock { $0.isOn } }

    /// How often it began to.
    package var timesBegun: Int { self.begun.withLock { $0.times } }

    // MARK: What the server tells

    /// The server tells of every change from now on.
    package func trackingBegan() {
        self.begun.withLock { $0 = (true, $0.times + 1) }
        for table in self.tables { table.withLock { $0.trackingBegan() } }
    }

    /// It does not any more: everything is forgotten, nothing is kept.
    package func trackingEnded() {
        self.begun.withLock { $0.isOn = false }
        for table in self.tables { table.withLock { $0.trackingEnded() } }
    }

    /// The server has lost all its keys.
    package func everythingChanged() {
        for table in self.tables { table.withLock { $0.everythingChanged() } }
    }

    /// The server tells that a Redis key has changed.
    package func changed(redisKey: [UInt8]) {
        guard redisKey.starts(with: self.keyPrefix) else { return }
        let hash = self.hash(name: redisKey[self.keyPrefix.count...])
        self.table(of: hash).withLock { $0.changed(hash) }
    }

    // MARK: What this process does

    /// This process is about to write a session, has written it, or knows something newer.
    func changed(_ key: SessionKey) {
        let hash = self.hash(key)
        self.table(of: hash).withLock { $0.changed(hash) }
    }

    /// The session, if it may answer: kept no longer than `maxAge`, not ended, not due for a look at the table. Whose it is, is not asked here.
    @inline(__always)
    func session(_ key: SessionKey) -> Session? {
        let hash = self.hash(key)
        let (now, uptime) = (self.clock.now, self.clock.uptime)
        guard var kept = self.table(of: hash).withLock({ $0.found(hash, key, now: now, uptime: uptime) }) else { return nil }
        kept.session.origin = .cache(age: max(now - kept.cachedAt, .zero))
        return kept.session
    }

    /// A read of this session goes to Redis; nil: its answer will not be kept.
    func readBegan(_ key: SessionKey) -> NearTable.Ticket? {
        let hash = self.hash(key)
        let uptime = self.clock.uptime
        return self.table(of: hash).withLock { $0.readBegan(hash, uptime: uptime) }
    }

    /// That read found this live session in Redis, whose entry had this age.
    func readFound(_ session: Session, age: Duration, _ ticket: NearTable.Ticket) {
        let now = self.clock.now
        let cachedAt = now - age
        var end = cachedAt + self.freshness
        if let expiration = session.expiration { end = min(end, expiration) }
        // It is not kept; nor is what is older.
        guard now < end else { return self.changed(session.key) }
        let kept = NearTable.Kept(session: session, cachedAt: cachedAt, end: end)
        let hash = self.hash(session.key)
        _ = self.table(of: hash).withLock { $0.readFound(kept, ticket) }
    }

    @inline(__always)
    private func table(of hash: UInt64) -> Locked<NearTable> {
        self.tables[Int(truncatingIfNeeded: hash & 0xFF) % self.tables.count]
    }
}
