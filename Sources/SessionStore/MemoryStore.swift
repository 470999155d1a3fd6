import Locked

/// Sessions in this process's memory: for tests, for trying things out, and as the reference of the rules that every store keeps.
///
/// Sessions end at their expiration, and what has ended is removed as new sessions come. Nothing outlives the process.
public final class MemoryStore: SessionStore {
    private let timeToLive: Duration
    private let maximumCount: Int
    private let clock: any SessionClock
    private let shelf = Locked(Shelf())

    fileprivate struct Shelf {
        var records: [SessionKey: SessionRecord] = [:]
        var sweepAt = 1024
        var removedVersion: SessionVersion?
    }

    /// A store without sessions.
    ///
    /// - Parameters:
    ///   - timeToLive: How long a session lives after a write; less than a second counts as one.
    ///   - maximumCount: How many sessions it holds; more are refused with `.overloaded`, never exchanged for older ones.
    ///   - clock: Where it gets the time from.
    public init(
        timeToLive: Duration = SessionLimits.timeToLive, maximumCount: Int = .max, clock: any SessionClock = SystemClock()
    ) {
        self.timeToLive = timeToLive
        self.maximumCount = maximumCount
        self.clock = clock
    }

    /// How many records it holds, ended ones that were not removed yet included.
    public var count: Int {
        self.shelf.withLock { $0.records.count }
    }

    /// Reads one session. Throws `.notOwner`.
    public func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let record = self.shelf.withLock { $0.records[read.key] }
        return try SessionRules.answer(read, from: record, at: self.clock.now)
    }

    /// Reads many, all of one instant.
    public func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        let records = self.shelf.withLock { shelf in Set(keys).map { ($0, shelf.records[$0]) } }
        let now = self.clock.now
        var answers: [SessionKey: Result<Session?, SessionStoreError>] = [:]
        for (key, record) in records {
            let read = SessionRead(key, as: caller, consistency: consistency)
            answers[key] = Result { () throws(SessionStoreError) in try SessionRules.answer(read, from: record, at: now) }
        }
        return answers
    }

    /// Changes one session. Throws `.notOwner`, `.invalidValue`, `.tooLarge`, and `.overloaded` when there is no room for one more.
    public func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        try await write.beforeAttempt?()
        let now = self.clock.now
        var context = SessionRules.WriteContext(now: now, timeToLive: self.timeToLive, writeID: WriteID.random())
        let limit = self.maximumCount
        let decision = try self.shelf.withLock { (shelf) throws(SessionStoreError) in
            context.removedVersion = shelf.removedVersion
            let decision = try SessionRules.decide(write, on: shelf.records[write.key], in: context)
            if case .store(let record) = decision { try shelf.put(record, under: write.key, limit: limit, now: now) }
            return decision
        }
        return WriteResult(decision, key: write.key, at: now)
    }
}

extension MemoryStore.Shelf {
    fileprivate mutating func put(
        _ record: SessionRecord, under key: SessionKey, limit: Int, now: Timestamp
    ) throws(SessionStoreError) {
        if self.records[key] == nil, self.records.count >= min(self.sweepAt, limit) {
            self.removeEnded(at: now)
            self.sweepAt = max(1024, self.records.count * 2)
            guard self.records.count < limit else {
                throw SessionStoreError(.overloaded, "the store in memory is full; delete sessions, allow more, or use a store on disk")
            }
        }
        self.records[key] = record
    }

    private mutating func removeEnded(at now: Timestamp) {
        for (key, record) in self.records where record.hasEnded(at: now) {
            self.records[key] = nil
            if let version = record.version { self.removedVersion = max(version, self.removedVersion ?? version) }
        }
    }
}
