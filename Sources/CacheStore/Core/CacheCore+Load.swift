internal import CoreMetrics
internal import Locked
internal import Redis
internal import SessionStore
internal import Synchronization

extension CacheCore {
    /// What the table says, asked by this read or by another one whose question is as good.
    func load(_ key: SessionKey, _ plan: LoadPlan, holding lease: Token?, began: UInt64) async -> Answer {
        let id = self.readerIDs.add(1, ordering: .relaxed).newValue
        let reader = FlightTable<Waiter>.Reader(id: id, key: key, began: began, lease: lease)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.seat(reader, continuation, plan)
                // The handler may have run before the reader had its seat; then the flag is up.
                if Task.isCancelled { self.leave(id) }
            }
        } onCancel: {
            self.leave(id)
        }
    }

    private func seat(_ reader: FlightTable<Waiter>.Reader, _ continuation: Waiter, _ plan: LoadPlan) {
        guard self.flights.withLock({ $0.arrived(reader, continuation, fresh: nil) }) == .needsToken else {
            self.metrics.deduplicatedLoad.increment()
            return
        }
        let token = self.freshToken()
        switch self.flights.withLock({ $0.arrived(reader, continuation, fresh: token) }) {
        case .joined, .needsToken:
            self.metrics.deduplicatedLoad.increment()
        case .start:
            self.metrics.load.increment()
            // A task of its own: it must outlive the read that started it. It inherits no executor, so it is given one.
            Task(executorPreference: self.executor) { await self.fly(reader.key, plan, token) }
        }
    }

    private func leave(_ id: UInt64) {
        self.flights.withLock { $0.left(id) }?.resume(returning: .failure(.cancelledRead))
    }

    /// One flight: lease, table, fill, and the answer to all who wait. It answers after the fill, which takes a round trip at most 50 ms long, so that
    /// the next read of a caller who got this answer finds the entry, and a Lambda is not frozen in between.
    private func fly(_ key: SessionKey, _ plan: LoadPlan, _ token: Token) async {
        var machine = LoadMachine(plan, policy: self.policy)
        let redisKey = self.redisKey(key)
        switch machine.started() {
        case .lease(let seen):
            let granted = try? await self.commands.lease(redisKey, token, time: self.configuration.times.lease, over: seen)
            machine.leaseAnswered(grantedAt: granted ?? nil)
        case .askTable:
            break
        }
        self.flights.withLock { flights in
            flights.requestHandedOver(token, place: self.handedOver.add(1, ordering: .acquiringAndReleasing).newValue)
        }
        let askedAt = self.clock.now
        let answer: Answer
        do {
            let session = try await self.base.read(SessionRead(key, as: .asOperator, consistency: .strong))
            await self.close(machine.tableAnswered(session, askedAt: askedAt, now: self.clock.now), key, redisKey, token)
            answer = .success(session)
        } catch {
            answer = .failure(error)
        }
        for waiter in self.flights.withLock({ $0.ended(token) }) { waiter.resume(returning: answer) }
    }

    /// Puts the table's answer where others find it. What fails here costs the next reader a question to the table, nothing else.
    private func close(_ closing: LoadMachine.Closing, _ key: SessionKey, _ redisKey: [UInt8], _ token: Token) async {
        let stored: Bool?
        switch closing {
        case .pass: return
        case .fill(let entry): stored = try? await self.commands.fill(redisKey, token, self.sealed(entry, key))
        case .refresh(let seen, let entry): stored = try? await self.commands.refresh(redisKey, seen: seen, self.sealed(entry, key))
        }
        if stored == false { self.metrics.refusedFill.increment() }
    }
}
