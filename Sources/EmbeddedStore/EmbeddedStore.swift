import GRDB
public import SessionStore

/// Sessions in one SQLite file: no service needed. Several processes may use the file at once.
///
/// A write has been kept, also through a power failure, when it returns (WAL with full synchronisation). Writers of all processes take turns; readers
/// wait for nobody. What has ended is removed, a little with each write. The file is to be on a local disk: SQLite's locks do not hold on network ones.
public final class EmbeddedStore: SessionStore, TableCreating {
    private let pool: DatabasePool
    private let timeToLive: Duration
    private let clock: any SessionClock

    /// Opens the file, and creates it and its folders where there are none, for their owner only.
    ///
    /// - Parameters:
    ///   - path: The file. SQLite puts two more beside it, ending in `-wal` and `-shm`.
    ///   - timeToLive: How long a session lives after a write; less than a second counts as one.
    ///   - busyTimeout: How long a write waits for those of others before it throws `.throttled`.
    ///   - clock: Where it gets the time from.
    ///
    /// Throws `.misconfigured` for a path that cannot be a store, `.unavailable` for a disk that is full or a file that is damaged.
    public init(
        path: String, timeToLive: Duration = SessionLimits.timeToLive, busyTimeout: Duration = .seconds(5),
        clock: any SessionClock = SystemClock()
    ) throws(SessionStoreError) {
        self.timeToLive = timeToLive
        self.clock = clock
        self.pool = try DatabaseFile.open(path, busyTimeout: busyTimeout)
        // If others are writing just now, the next write does it.
        try? self.pool.write { try SessionTable.removeEnded($0, at: clock.now, limit: 1000) }
    }

    /// Closes the file. Calls after that throw `.closed`; those under way may.
    public func close() {
        // The only failure is a statement that is still running: then SQLite closes when it has finished.
        try? self.pool.close()
    }

    /// Does nothing: opening has created the table.
    public func createTable() async throws(SessionStoreError) {
        try await self.reading { try SessionTable.check($0) }
    }

    /// Reads one session. Throws `.notOwner`, `.malformedItem` for a row that this program did not write, `.unavailable`, `.closed`.
    public func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try SessionRules.admit(read.caller, to: read.key)
        let record = try await self.reading { try SessionTable.record($0, read.key) }
        return try SessionRules.answer(read, from: record?.get(), at: self.clock.now)
    }

    /// Reads many, all of one instant.
    public func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        let distinct = Set(keys)
        let records = try await self.reading { database in
            try distinct.map { ($0, try SessionTable.record(database, $0)) }
        }
        let now = self.clock.now
        var answers: [SessionKey: Result<Session?, SessionStoreError>] = [:]
        for (key, record) in records {
            let read = SessionRead(key, as: caller, consistency: consistency)
            answers[key] = Result { () throws(SessionStoreError) in try SessionRules.answer(read, from: record?.get(), at: now) }
        }
        return answers
    }

    /// Changes one session. Throws `.notOwner`, `.invalidValue`, `.tooLarge`, `.malformedItem`, `.throttled`, `.unavailable`, `.closed`.
    ///
    /// A task cancelled before its turn throws `.cancelled` and nothing was written; after that the write goes through.
    public func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        try write.change.validate()
        try await write.beforeAttempt?()
        let (clock, timeToLive) = (self.clock, self.timeToLive)
        return try await self.writing { database in
            // The time is read under the lock: the wait for it may have been long.
            let now = clock.now
            let record = try SessionTable.record(database, write.key)?.get()
            let context = SessionRules.WriteContext(
                now: now, timeToLive: timeToLive, writeID: WriteID.random(),
                removedVersion: record == nil ? try SessionTable.removedVersion(database) : nil)
            let decision = try SessionRules.decide(write, on: record, in: context)
            if case .store(let next) = decision {
                try SessionTable.put(database, next, under: write.key)
                try SessionTable.removeEnded(database, at: now, limit: 32)
            }
            return WriteResult(decision, key: write.key, at: now)
        }
    }
}

extension EmbeddedStore {
    /// Runs `body` in a transaction that sees one instant, on a thread of the pool: the caller's executor is not blocked.
    private func reading<Answer: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Answer
    ) async throws(SessionStoreError) -> Answer {
        if Task.isCancelled { throw .cancelledBeforeStart }
        let result = await withCheckedContinuation { continuation in
            self.pool.asyncRead { access in
                continuation.resume(returning: Self.result { try body(access.get()) })
            }
        }
        return try result.get()
    }

    /// Runs `body` in a transaction that excludes other writers from its beginning.
    ///
    /// Not GRDB's async calls: those can be interrupted by a cancellation while they commit, and the caller would not know what was kept.
    private func writing<Answer: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Answer
    ) async throws(SessionStoreError) -> Answer {
        if Task.isCancelled { throw .cancelledBeforeStart }
        let result = await withCheckedContinuation { continuation in
            self.pool.asyncWriteWithoutTransaction { database in
                continuation.resume(
                    returning: Self.result {
                        var answer: Answer?
                        try database.inTransaction(.immediate) {
                            answer = try body(database)
                            return .commit
                        }
                        return answer
                    })
            }
        }
        guard let answer = try result.get() else {
            throw SessionStoreError(.unavailable, "the file of sessions did not answer; try again")
        }
        return answer
    }

    private static func result<Answer>(_ body: () throws -> Answer) -> Result<Answer, SessionStoreError> {
        Result { () throws(SessionStoreError) in try Self.translatingErrors(body) }
    }

    private static func translatingErrors<Answer>(_ body: () throws -> Answer) throws(SessionStoreError) -> Answer {
        do {
            return try body()
        } catch {
            throw SessionStoreError(sqlite: error)
        }
    }
}
