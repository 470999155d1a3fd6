internal import CacheStore
internal import History
internal import Locked
internal import SessionStore

/// What the clients of a world do.
extension World {
    /// The whole story: clients under all that befalls them, then peace, a look by everybody, and another one when every entry has had to be checked.
    func play(outside: ProcessExecutor) async throws(SessionStoreError) {
        for slot in 0..<self.profile.processes { try self.start(at: slot) }
        await withTaskGroup(of: Void.self) { group in
            for slot in 0..<self.profile.processes {
                for number in 0..<self.profile.clientsPerProcess {
                    group.addTask { await self.live(slot, client: slot * 10 + number) }
                }
            }
        }
        self.heal()
        await self.look()
        let rest = ProcessClock(self.scheduler, skew: .zero)
        try? await rest.sleep(for: self.profile.revalidateAfter + .seconds(20))
        self.history.note("the last look")
        await self.look()
    }

    /// Every process reads every session, from the table and then from the cache.
    private func look() async {
        for slot in 0..<self.profile.processes {
            for key in self.keys {
                await self.perform(slot, slot * 10, .read(.strong), key, .asOperator)
                await self.perform(slot, slot * 10, .read(.cached), key, .asOperator)
            }
        }
    }

    private func live(_ slot: Int, client: Int) async {
        let clock = ProcessClock(self.scheduler, skew: .zero)
        for round in 0..<self.profile.operationsPerClient {
            let (pause, key, caller, call) = self.scheduler.choose { random in
                (
                    random.duration(.zero...self.profile.thinkTime), random.pick(self.keys), self.caller(&random),
                    self.call(&random, client: client, round: round)
                )
            }
            try? await clock.sleep(for: pause)
            self.strike()
            if let call {
                await self.perform(slot, client, call, key, caller)
            } else {
                await self.performBatch(slot, client, caller)
            }
        }
    }

    private func caller(_ random: inout Randomness) -> Caller {
        guard self.profile.hasOwners else { return .anonymous }
        switch random.below(8) {
        case 0: return .anonymous
        case 1: return .asOperator
        case 2: return (try? UserID("bob")).map { .user($0) } ?? .anonymous
        default: return (try? UserID("ann")).map { .user($0) } ?? .anonymous
        }
    }

    /// What to do next; nil: a batch read.
    private func call(_ random: inout Randomness, client: Int, round: Int) -> Operation.Call? {
        let value: SessionValue = .string("c\(client).\(round)")
        switch random.below(100) {
        case ..<45: return .read(.cached)
        case ..<50: return .read(.strong)
        case ..<55: return nil
        case ..<75: return .write(.update(set: ["f\(client)": value], remove: []))
        case ..<81: return .write(.update(set: ["shared": value, "f\(client)": value], remove: []))
        case ..<84: return .write(.update(set: ["f\(client)": value], remove: ["shared"]))
        case ..<88: return .write(.replace(["shared": value]))
        case ..<92: return .write(.touch)
        default: return .write(.delete)
        }
    }

    /// One operation in a process, recorded. A process that dies on the way takes the answer with it.
    private func perform(_ slot: Int, _ client: Int, _ call: Operation.Call, _ key: SessionKey, _ caller: Caller) async {
        let node = self.node(slot)
        let task = Task(executorPreference: node.process.executor) {
            let id = self.history.began(call, key, as: caller, client: client, localTime: node.process.clock.now)
            let outcome = await Context.$operation.withValue(id) { await self.outcome(node, call, key, caller) }
            guard !node.process.isDead else { return }
            self.history.ended(id, outcome)
            self.note(outcome, id, key)
        }
        let profile = self.profile
        if let patience = self.scheduler.choose({ random in
            random.chance(profile.cancellations, in: 1000) ? random.duration(.zero...(.milliseconds(30))) : nil
        }), self.state.withLock({ $0.isTroubled }) {
            self.scheduler.after(patience) { task.cancel() }
        }
        await task.value
    }

    private func outcome(_ node: Node, _ call: Operation.Call, _ key: SessionKey, _ caller: Caller) async -> Operation.Outcome {
        do throws(SessionStoreError) {
            switch call {
            case .read(let consistency):
                return .answered(try await node.cache.read(SessionRead(key, as: caller, consistency: consistency)))
            case .write(let change):
                return .acknowledged(try await node.cache.write(SessionWrite(key, change, as: caller)))
            }
        } catch {
            return .failed(error)
        }
    }

    private func performBatch(_ slot: Int, _ client: Int, _ caller: Caller) async {
        let node = self.node(slot)
        await Task(executorPreference: node.process.executor) {
            let ids = self.keys.map { key in
                (key, self.history.began(.read(.cached), key, as: caller, client: client, localTime: node.process.clock.now))
            }
            let answers: [SessionKey: Result<Session?, SessionStoreError>]
            do throws(SessionStoreError) {
                answers = try await node.cache.read(batch: self.keys, as: caller, consistency: .cached)
            } catch {
                answers = Dictionary(uniqueKeysWithValues: self.keys.map { ($0, .failure(error)) })
            }
            guard !node.process.isDead else { return }
            for (key, id) in ids {
                switch answers[key] {
                case .success(let session)?: self.history.ended(id, .answered(session))
                case .failure(let error)?: self.history.ended(id, .failed(error))
                case nil: break
                }
            }
        }.value
    }

    private func note(_ outcome: Operation.Outcome, _ id: Int, _ key: SessionKey) {
        let operation = self.history.operation(id)
        let isWrite = operation.change != nil
        var acknowledged = false
        switch outcome {
        case .open: break
        case .answered(let session):
            if case .cache? = session?.origin { self.mark(.cacheHit) }
        case .acknowledged(let result):
            acknowledged = result.changed
            if result.cache == .pending { self.mark(.pendingWrite) }
            if result.session?.owner != nil, operation.caller.userID != nil { self.mark(.claimed) }
        case .failed(let error):
            switch error.code {
            case .notOwner: self.mark(.refusedOwner)
            case .outcomeUnknown: self.mark(.outcomeUnknown)
            case .cancelled: self.mark(isWrite ? .cancelledWrite : .cancelledRead)
            default: self.mark(isWrite ? .writeFailed : .readFailed)
            }
        }
        self.ended(id, key, acknowledged: acknowledged)
    }
}
