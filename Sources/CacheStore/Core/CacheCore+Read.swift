internal import CoreMetrics
internal import Redis
package import SessionStore
internal import Synchronization

extension CacheCore {
    /// Reads one session: from the cache, or from the table where the cache may not answer.
    @inline(always)
    package func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        if let spans = self.spans { return try await self.read(read, recordedBy: spans) }
        if let near = self.near {
            if let session = try self.nearSession(read, near) { return session }
            return try await self.readPast(near, read).session
        }
        return try await self.readTiers(read).session
    }

    /// The same without this process's memory.
    @inline(always)
    func readTiers(_ read: SessionRead) async throws(SessionStoreError) -> (session: Session?, outcome: ReadMachine.Outcome) {
        if read.consistency == .strong { return (try await self.readTable(read), .skipped) }
        try SessionRules.admit(read.caller, to: read.key)
        let began = self.handedOver.load(ordering: .acquiring)
        let machine = ReadMachine(caller: read.caller, policy: self.policy)
        var session: Session?
        switch await self.lookUp(read.key, machine, &session) {
        case .answer(let outcome):
            self.count(outcome)
            return (session, outcome)
        case .refuse:
            self.count(.refused)
            throw .notOwner
        case .load(let plan, let lease, let outcome):
            self.count(outcome)
            if case .fill(let seen) = plan, outcome == .bad { self.noteBad(seen) }
            if Task.isCancelled { throw .cancelledRead }
            let answer = await self.load(read.key, plan, holding: lease, began: began)
            return (try self.finish(answer, read.key, plan, read.caller), outcome)
        }
    }

    /// Not inlined: in an asynchronous function the metrics' references would be counted.
    @inline(never)
    private func count(_ outcome: ReadMachine.Outcome) {
        self.metrics.read(outcome)
    }

    /// What a load comes to for one caller.
    func finish(
        _ answer: LoadAnswer, _ key: SessionKey, _ plan: LoadPlan, _ caller: Caller
    ) throws(SessionStoreError) -> Session? {
        switch answer {
        case .success(let session):
            // The load asked as an operator, for everybody who waits for it: each is admitted or refused here.
            guard let session, !session.isExpired(at: self.clock.now) else { return nil }
            guard session.admits(caller) else { throw .notOwner }
            return session
        case .failure(let error):
            guard case .recheck(let seen, _) = plan else { throw error }
            return try self.answerStale(seen, after: error, key, ReadMachine(caller: caller, policy: self.policy))
        }
    }

    /// The entry that was to be checked, where it may answer instead of the table. Throws the table's error where it may not.
    private func answerStale(
        _ seen: [UInt8], after error: SessionStoreError, _ key: SessionKey, _ machine: ReadMachine
    ) throws(SessionStoreError) -> Session? {
        let entry = self.opened(seen, key) ?? []
        guard let (header, age) = machine.checkFailed(error, seen: EntryDecoder.state(of: entry), now: self.clock.now) else { throw error }
        let session = EntryDecoder.session(in: entry, header, key: key, origin: .stale(age: age))
        switch machine.staleSessionOpened(session) {
        case .answer:
            self.metrics.staleAnswer.increment()
            return session
        case .refuse: throw .notOwner
        case .load, nil: throw error
        }
    }

    /// Asks the cache. `session` is the one to answer with, where a session is to be answered.
    ///
    /// Inlined: each asynchronous call of its own costs 400 instructions when it returns.
    @inline(always)
    func lookUp(_ key: SessionKey, _ machine: ReadMachine, _ session: inout Session?) async -> ReadMachine.Action {
        guard self.cacheBreaker.isQuiet || self.cacheBreaker.requested(now: self.clock.uptime) != .refuse else {
            return machine.cacheRefused()
        }
        switch await self.commands.ask(self.place(of: key), send: { self.send(key, for: $0) }) {
        case .value(let bytes, let epoch):
            self.cacheAnswered()
            // Not one expression: what lies open is lent, and no reference to it counted.
            guard self.sealer == nil else { return self.decide(machine, opening: bytes, epoch, key, &session) }
            return self.decide(machine, bytes, opened: bytes, epoch, key, &session)
        case .unsettled(let asked): return await self.settle(asked, key, machine, &session)
        }
    }

    @inline(never)
    private func send(_ key: SessionKey, for waiter: Commands.Waiter) {
        // Not one call: what a session is called is lent, the name of anything else is made.
        switch key {
        case .session(let id): self.commands.send(prefix: self.keyPrefix, name: id.rawValue, for: waiter)
        case .user, .call: self.commands.send(prefix: self.keyPrefix, name: key.rawValue, for: waiter)
        }
    }

    /// The same where no value has come at once.
    @inline(never)
    private func settle(
        _ asked: AskedValue.Unsettled, _ key: SessionKey, _ machine: ReadMachine, _ session: inout Session?
    ) async -> ReadMachine.Action {
        do {
            let (bytes, epoch) = try await self.commands.settle(asked, of: self.place(of: key))
            self.cacheAnswered()
            return self.decide(machine, opening: bytes, epoch, key, &session)
        } catch {
            self.cacheFailed(error)
            guard error.code == .wrongType else { return machine.replyFailed() }
            return self.decide(machine, WireFormat.foreign, opened: WireFormat.foreign, 0, key, &session)
        }
    }

    @inline(never)
    private func decide(
        _ machine: ReadMachine, opening bytes: [UInt8]?, _ epoch: UInt64, _ key: SessionKey, _ session: inout Session?
    ) -> ReadMachine.Action {
        self.decide(machine, bytes, opened: self.opened(bytes, key), epoch, key, &session)
    }

    /// `bytes` are what the key holds, `entry` the same opened, from which a session is read.
    @inline(always)
    private func decide(
        _ machine: ReadMachine, _ bytes: [UInt8]?, opened entry: [UInt8]?, _ epoch: UInt64, _ key: SessionKey, _ session: inout Session?
    ) -> ReadMachine.Action {
        let step = machine.replyReceived(EntryDecoder.state(of: entry), bytes: bytes, epoch: epoch, now: self.clock.now)
        switch step {
        case .decided(let action): return action
        case .open(let header, let age, let isDue):
            if isDue { self.renew(key, seen: bytes ?? [], epoch: epoch) }
            let origin = Session.Origin.cache(age: max(age, .zero))
            if let entry { session = EntryDecoder.session(in: entry, header, key: key, origin: origin) }
            return machine.sessionOpened(session, bytes: bytes ?? [])
        }
    }

    /// What the key holds, if it is an entry of a session that has not ended, whatever its age.
    package func peek(_ key: SessionKey, as caller: Caller) async throws(SessionStoreError) -> Session? {
        try SessionRules.admit(caller, to: key)
        var policy = self.policy
        policy.revalidateAfter = .seconds(Int32.max)
        policy.refreshAfter = nil
        policy.checksEpoch = false
        var session: Session?
        switch await self.lookUp(key, ReadMachine(caller: caller, policy: policy), &session) {
        case .answer: return session
        case .refuse: throw .notOwner
        case .load(_, _, .failed), .load(_, _, .skipped):
            throw SessionStoreError(.unavailable, "the cache does not answer; check that Redis runs and can be reached")
        case .load: return nil
        }
    }
}
