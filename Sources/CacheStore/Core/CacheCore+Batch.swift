internal import CoreMetrics
internal import Locked
internal import SessionStore
internal import Synchronization

extension CacheCore {
    /// Reads many: their GETs leave together; the sessions that need the table share one question to it, or wait for flights that others started.
    func readMany(
        _ keys: [SessionKey], as caller: Caller, _ consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        if consistency == .strong {
            defer { self.noteNews(of: keys) }
            return try await self.readTable(batch: keys, as: caller)
        }
        let began = self.handedOver.load(ordering: .acquiring)
        var seen: Set<SessionKey> = []
        let distinct = keys.filter { seen.insert($0).inserted }
        let found = await self.map(distinct.indices) { await self.lookUp(distinct[$0], as: caller) }
        var answers = [SessionKey: LoadAnswer](minimumCapacity: distinct.count)
        var plans: [(key: SessionKey, plan: LoadPlan, lease: Token?)] = []
        for (key, (action, session)) in zip(distinct, found) {
            switch action {
            case .answer(let outcome):
                self.metrics.read(outcome)
                answers[key] = .success(session)
            case .refuse:
                self.metrics.read(.refused)
                answers[key] = .failure(.notOwner)
            case .load(let plan, let lease, let outcome):
                self.metrics.read(outcome)
                plans.append((key, plan, lease))
            }
        }
        if plans.isEmpty { return answers }
        let loaded = Task.isCancelled ? [:] : await self.load(plans, began: began)
        for (key, plan, _) in plans {
            let answer = loaded[key] ?? .failure(.cancelledRead)
            answers[key] = Result { () throws(SessionStoreError) in try self.finish(answer, key, plan, caller) }
        }
        self.noteNews(of: plans.lazy.map(\.key))
        return answers
    }

    private func lookUp(_ key: SessionKey, as caller: Caller) async -> (ReadMachine.Action, Session?) {
        do throws(SessionStoreError) {
            try SessionRules.admit(caller, to: key)
        } catch {
            return (.refuse, nil)
        }
        let machine = ReadMachine(caller: caller, policy: self.policy)
        var session = self.near?.session(key)
        if let session { return (session.admits(caller) ? .answer(.near) : .refuse, session) }
        let ticket = self.near?.readBegan(key)
        let action = await self.lookUp(key, machine, &session)
        if let near = self.near { self.note(action, session, key, ticket, near) }
        return (action, session)
    }

    /// What the table says of all these.
    private func load(_ plans: [(key: SessionKey, plan: LoadPlan, lease: Token?)], began: UInt64) async -> BatchAnswers.Answers {
        let last = self.readerIDs.add(UInt64(plans.count), ordering: .relaxed).newValue
        let ids = (last - UInt64(plans.count) + 1)...last
        let answers = BatchAnswers(count: plans.count)
        let deadline = self.clock.uptime + self.loadBudget
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let legs = zip(ids, plans).compactMap { id, plan in
                    self.seat(
                        .init(id: id, key: plan.key, began: began, lease: plan.lease, deadline: deadline), .batch(answers, plan.key),
                        plan.plan)
                }
                if !legs.isEmpty { self.start(legs) }
                answers.wait(continuation)
                if Task.isCancelled { self.leave(ids) }
            }
        } onCancel: {
            self.leave(ids)
        }
    }

    private func leave(_ ids: ClosedRange<UInt64>) {
        for id in ids { self.leave(id) }
    }
}
