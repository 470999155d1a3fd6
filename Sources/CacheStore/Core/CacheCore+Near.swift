internal import SessionStore

/// Reads and this process's memory: a session that is there answers, one that Redis answers with is kept, anything newer than what is there ends it.
extension CacheCore {
    /// The session from this process's memory; nil: Redis is to be asked.
    @inline(__always)
    func nearSession(_ read: SessionRead, _ near: NearCache) throws(SessionStoreError) -> Session? {
        guard read.consistency == .cached else { return nil }
        try SessionRules.admit(read.caller, to: read.key)
        guard let session = near.session(read.key) else { return nil }
        guard session.admits(read.caller) else {
            self.metrics.read(.refused)
            throw .notOwner
        }
        self.metrics.read(.near)
        return session
    }

    /// Reads from Redis or the table.
    @inline(never)
    func readPast(
        _ near: NearCache, _ read: SessionRead
    ) async throws(SessionStoreError) -> (session: Session?, outcome: ReadMachine.Outcome) {
        guard read.consistency == .cached else {
            // What the table says may be newer than what is kept: no later read of this process may go back behind it.
            defer { near.changed(read.key) }
            return (try await self.readTable(read), .skipped)
        }
        let ticket = near.readBegan(read.key)
        var isHit = false
        defer { if !isHit { near.changed(read.key) } }
        let (session, outcome) = try await self.readTiers(read)
        if outcome == .hit, let session, let ticket, case .cache(let age) = session.origin {
            isHit = true
            near.readFound(session, age: age, ticket)
        }
        return (session, outcome)
    }

    /// The same for one session of a batch.
    func note(_ action: ReadMachine.Action, _ session: Session?, _ key: SessionKey, _ ticket: NearTable.Ticket?, _ near: NearCache) {
        guard case .answer(.hit) = action, let session, let ticket, case .cache(let age) = session.origin else {
            return near.changed(key)
        }
        near.readFound(session, age: age, ticket)
    }

    /// The table has answered these reads.
    func noteNews(of keys: some Sequence<SessionKey>) {
        guard let near = self.near else { return }
        for key in keys { near.changed(key) }
    }
}
