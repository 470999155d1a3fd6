internal import History
internal import Locked
internal import Redis
internal import SessionStore

/// What befalls the world at random moments.
extension World {
    /// One of the events of this seed, now or soon.
    func strike() {
        let profile = self.profile
        guard self.state.withLock({ $0.isTroubled }), !profile.events.isEmpty else { return }
        let (event, delay) =
            self.scheduler.choose { random -> (WorldEvent, Duration)? in
                guard random.chance(profile.eventRate, in: 1000) else { return nil }
                return (random.pick(profile.events), random.duration(.zero...(.milliseconds(20))))
            } ?? (nil, .zero)
        guard let event else { return }
        self.scheduler.after(delay) {
            guard self.state.withLock({ $0.isTroubled }) else { return }
            self.history.note("\(event.rawValue)")
            self.happen(event)
        }
    }

    private func happen(_ event: WorldEvent) {
        let key = self.scheduler.choose { $0.pick(self.keys) }
        let name = self.redisKey(key)
        switch event {
        case .evict: self.redis.evict(name)
        case .flush:
            self.redis.flush()
            self.everythingChanged()
            self.mark(.flushed)
        case .failOver: self.failOver()
        case .restore: self.restore(key, name)
        case .foreign:
            var foreign = KeyState()
            foreign.value = .foreign
            self.redis.put(name, foreign)
        case .garbage:
            let bytes = self.scheduler.choose { random in (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
            let first = self.scheduler.choose { $0.pick(Array("LTAWR?".utf8)) }
            self.redis.put(name, KeyState(bytes: [first] + bytes))
        case .noMemory:
            self.redis.setMemory(false)
            self.later(.milliseconds(1)...(.milliseconds(500))) { $0.redis.setMemory(true) }
        case .redisDown:
            self.mark(.redisDown)
            let span = self.scheduler.choose { $0.duration(.milliseconds(10)...(.seconds(8))) }
            self.state.withLock { $0.redisDownUntil = self.scheduler.elapsed + span }
            self.cutAll()
        case .tableDown:
            self.mark(.tableDown)
            let span = self.scheduler.choose { $0.duration(.milliseconds(10)...(.seconds(20))) }
            let now = self.scheduler.now
            self.state.withLock { state in
                state.tableDownUntil = self.scheduler.elapsed + span
                state.account.outages.append(now...now + span)
            }
        case .kill, .freeze, .stepClock, .cut: self.happenToProcess(event)
        case .killWriter, .freezeWriter: break
        case .sweep:
            if self.table.sweep(key.rawValue, now: self.scheduler.now - self.profile.sweepDelay) != nil {
                self.mark(.sweptItem)
                self.history.changed(key, by: nil, to: nil)
            }
        }
    }

    private func happenToProcess(_ event: WorldEvent) {
        let slot = self.scheduler.choose { $0.below(self.profile.processes) }
        let process = self.node(slot).process
        switch event {
        case .kill:
            self.mark(.killedProcess)
            let (operations, ended) = (self.history.operations, self.state.withLock { $0.account.ended })
            if operations.contains(where: { $0.client / 10 == slot && $0.change != nil && $0.ended == nil && !ended.contains($0.id) }) {
                self.mark(.killedWriter)
            }
            process.kill()
            try? self.start(at: slot)
        case .freeze:
            self.freeze(process)
            // Many thaw about when an intent of theirs ends.
            let intent = self.profile.writeBudget * 3
            let spans = [.zero...(.milliseconds(100)), .zero...(.seconds(4)), .zero...(.seconds(40)), intent * 0.8...intent * 1.1]
            self.later(self.scheduler.choose { $0.pick(spans) }) { $0.scheduler.thaw(process.number) }
        case .stepClock:
            self.mark(.steppedClock)
            // Forwards: what it has read it cannot unread.
            let limit = self.profile.skew
            let step = self.scheduler.choose { $0.duration(.zero...limit) }
            let skew = min(process.clock.now - self.scheduler.now + step, limit)
            process.clock.setSkew(skew)
        default:
            self.cut(process)
        }
    }

    /// Strikes a process whose write the table has just executed: before it can publish.
    func strikeWriter(_ process: Process, _ key: SessionKey) {
        let profile = self.profile
        let kinds = profile.events.filter { $0 == .killWriter || $0 == .freezeWriter }
        guard !kinds.isEmpty, !process.isDead, self.state.withLock({ $0.isTroubled }) else { return }
        let kind = self.scheduler.choose { random in random.chance(1, in: 4) ? random.pick(kinds) : nil }
        switch kind {
        case .killWriter?:
            guard let slot = self.state.withLock({ state in state.nodes.firstIndex { $0.process.number == process.number } }) else {
                return
            }
            self.history.note("killWriter")
            self.mark(.killedWriter)
            process.kill()
            try? self.start(at: slot)
        case .freezeWriter?:
            // It thaws when the intent of another writer is just over, if there is one.
            let now = self.redis.time
            let ends = self.redis.standing(self.redisKey(key)).map(\.deadline).filter { $0 > now }
            guard let first = ends.min() else { return }
            self.history.note("freezeWriter")
            self.freeze(process)
            let late: Int64 = self.scheduler.choose { $0.pick([2, 40]) }
            self.later(.milliseconds(first - now)...(.milliseconds(first - now + late))) { $0.scheduler.thaw(process.number) }
        default: return
        }
    }

    /// Stops a process. When it goes on, what it waited for may be late for it, although it came in time.
    private func freeze(_ process: Process) {
        self.mark(.frozenProcess)
        self.scheduler.freeze(process.number)
        let now = self.scheduler.now
        self.state.withLock { state in
            state.account.openOutages[process.number] = state.account.openOutages[process.number] ?? now
        }
    }

    private func failOver() {
        let hides = self.profile.hidesEpoch
        let epoch = hides ? 0 : self.scheduler.choose { $0.next() | 1 }
        let lag = self.scheduler.choose { $0.duration(.zero...(.milliseconds(100))) }
        self.redis.failOver(lag: lag, epoch: epoch)
        // Where the server hides which one it is, only time ends what the replica did not know.
        self.state.withLock { $0.account.lowerAll(to: hides ? .bounded : .acknowledged) }
        self.mark(hides ? .failedOverUnseen : .failedOver)
        self.cutAll()
    }

    /// Somebody who can write to Redis puts an old entry back.
    private func restore(_ key: SessionKey, _ name: [UInt8]) {
        let past = self.redis.pastEntries(of: name)
        guard !past.isEmpty else { return }
        self.mark(.restoredEntry)
        self.state.withLock { $0.account.lower(key, to: .bounded) }
        self.redis.put(name, self.scheduler.choose { $0.pick(past) })
    }

    private func cutAll() {
        for slot in 0..<self.profile.processes { self.cut(self.node(slot).process) }
    }

    private func cut(_ process: Process) {
        let until = self.scheduler.elapsed + self.scheduler.choose { $0.duration(.zero...(.milliseconds(300))) }
        self.state.withLock { $0.cutUntil[process.number] = until }
        process.abandon(.redis, .broken)
        self.loseTracking(process)
    }

    private func later(_ range: ClosedRange<Duration>, _ body: @escaping @Sendable (World) -> Void) {
        let delay = self.scheduler.choose { $0.duration(range) }
        self.scheduler.after(delay) { body(self) }
    }

    /// Everything works again.
    func heal() {
        self.state.withLock { state in
            state.isTroubled = false
            state.redisDownUntil = .zero
            state.tableDownUntil = .zero
            state.cutUntil = [:]
        }
        self.redis.setMemory(true)
        for slot in 0..<self.profile.processes { self.scheduler.thaw(self.node(slot).process.number) }
        self.history.note("everything works again")
    }
}
