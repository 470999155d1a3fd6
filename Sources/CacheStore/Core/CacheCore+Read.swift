internal import Redis
package import SessionStore
internal import Synchronization

extension CacheCore {
    /// Reads one session: from the cache, or from the table where the cache may not answer.
    package func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        if read.consistency == .strong { return try await self.base.read(read) }
        try SessionRules.admit(read.caller, to: read.key)
        let began = self.handedOver.load(ordering: .acquiring)
        let machine = ReadMachine(caller: read.caller, policy: self.policy)
        let action = await self.lookUp(read.key, machine)
        switch consume action {
        case .answer(let session, let outcome):
            self.metrics.read(outcome)
            return session
        case .refuse:
            self.metrics.read(.refused)
            throw .notOwner
        case .load(let plan, let lease, let outcome):
            self.metrics.read(outcome)
            if case .fill(let seen) = plan, outcome == .bad { self.noteBad(seen) }
            if Task.isCancelled { throw .cancelledRead }
            let session = try await self.load(read.key, plan, holding: lease, began: began).get()
            // The load asked as an operator, for everybody who waits for it: each is admitted or refused here.
            guard let session, !session.isExpired(at: self.clock.now) else { return nil }
            guard session.admits(read.caller) else { throw .notOwner }
            return session
        }
    }

    // Inlined: each asynchronous call of its own costs 400 instructions when it returns.
    @inline(__always)
    private func lookUp(_ key: SessionKey, _ machine: ReadMachine) async -> ReadMachine.Action {
        do {
            let (bytes, epoch) = try await self.commands.get(self.redisKey(key))
            let entry = self.opened(bytes, key)
            return self.decide(machine, EntryDecoder.state(of: entry), bytes, entry, epoch, key)
        } catch {
            guard error.code == .wrongType else { return machine.replyFailed() }
            return self.decide(machine, .bad, WireFormat.foreign, nil, 0, key)
        }
    }

    /// `bytes` are what the key holds, `entry` the same opened, from which a session is read.
    @inline(__always)
    private func decide(
        _ machine: ReadMachine, _ state: CachedState, _ bytes: [UInt8]?, _ entry: [UInt8]?, _ epoch: UInt64, _ key: SessionKey
    ) -> ReadMachine.Action {
        let step = machine.replyReceived(state, bytes: bytes, epoch: epoch, now: self.clock.now)
        switch consume step {
        case .decided(let action): return action
        case .open(let header, let age):
            let origin = Session.Origin.cache(age: max(age, .zero))
            return machine.sessionOpened(EntryDecoder.session(in: entry ?? [], header, key: key, origin: origin), bytes: bytes ?? [])
        }
    }

    /// What the key holds, if it is an entry of a session that has not ended, whatever its age.
    package func peek(_ key: SessionKey, as caller: Caller) async throws(SessionStoreError) -> Session? {
        try SessionRules.admit(caller, to: key)
        var policy = self.policy
        policy.revalidateAfter = .seconds(Int32.max)
        policy.checksEpoch = false
        switch await self.lookUp(key, ReadMachine(caller: caller, policy: policy)) {
        case .answer(let session, _): return session
        case .refuse: throw .notOwner
        case .load(_, _, .failed):
            throw SessionStoreError(.unavailable, "the cache does not answer; check that Redis runs and can be reached")
        case .load: return nil
        }
    }

    /// Reads many, each by itself and many at a time: their GETs leave together, their loads are shared with all other reads.
    package func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Answer] {
        if consistency == .strong { return try await self.base.read(batch: keys, as: caller, consistency: .strong) }
        var answers = [SessionKey: Answer](minimumCapacity: keys.count)
        await withTaskGroup(of: (SessionKey, Answer).self) { group in
            var rest = Set(keys).makeIterator()
            var running = 0
            while running < self.configuration.batchConcurrency, let key = rest.next() {
                group.addTask { await self.answer(key, as: caller) }
                running += 1
            }
            while let (key, answer) = await group.next() {
                answers[key] = answer
                if let key = rest.next() {
                    group.addTask { await self.answer(key, as: caller) }
                }
            }
        }
        return answers
    }

    private func answer(_ key: SessionKey, as caller: Caller) async -> (SessionKey, Answer) {
        do {
            return (key, .success(try await self.read(SessionRead(key, as: caller))))
        } catch {
            return (key, .failure(error))
        }
    }
}
