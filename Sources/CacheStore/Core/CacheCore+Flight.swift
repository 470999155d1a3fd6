internal import CoreMetrics
internal import Locked
internal import Redis
internal import SessionStore
internal import Spans
internal import Synchronization

extension CacheCore {
    /// One flight: lease, table, fill, and the answer to all who wait. It answers after the fill, which takes a round trip at most 50 ms long, so that
    /// the next read of a caller who got this answer finds the entry, and a Lambda is not frozen in between.
    func fly(_ legs: [FlightLeg], _ span: OpenSpan?) async {
        guard self.tableBreaker.isQuiet || self.tableBreaker.requested(now: self.clock.uptime) != .refuse else {
            span?.fail(SessionStoreError.tableRests.code.label)
            for leg in legs { self.land(leg, .failure(.tableRests)) }
            return
        }
        let machines = await self.lease(legs)
        self.flights.withLock { flights in
            for leg in legs {
                flights.requestHandedOver(leg.token, place: self.handedOver.add(1, ordering: .acquiringAndReleasing).newValue)
            }
        }
        let askedAt = self.clock.now
        let answers = await self.askTable(legs)
        if case .failure(let error)? = answers.first(where: \.isFailure) { span?.fail(error.code.label) }
        let closings = zip(machines, answers).map { machine, answer -> LoadMachine.Closing in
            // A failure of the table closes nothing: the lease ends by itself.
            guard case .success(let session) = answer else { return .pass }
            return machine.tableAnswered(session, askedAt: askedAt, now: self.clock.now)
        }
        await self.forEach(legs.indices) { index in
            await self.close(closings[index], legs[index])
            self.land(legs[index], answers[index])
        }
    }

    /// Asks for the leases that the plans need.
    private func lease(_ legs: [FlightLeg]) async -> [LoadMachine] {
        let machines = legs.map { LoadMachine($0.plan, policy: self.policy, jitter: $0.token.fraction) }
        return await self.map(legs.indices) { index in
            var machine = machines[index]
            switch machine.started() {
            case .askTable: break
            case .lease(let seen):
                let leg = legs[index]
                let granted = try? await self.noting { () async throws(RedisError) in
                    try await self.commands.lease(
                        self.redisKey(leg.key), leg.token, time: self.configuration.times.lease, over: seen)
                }
                machine.leaseAnswered(grantedAt: granted ?? nil)
            }
            return machine
        }
    }

    /// The table's answers, in the order of the legs: one question for one session, one question for all of a batch.
    private func askTable(_ legs: [FlightLeg]) async -> [LoadAnswer] {
        let answers: [LoadAnswer]
        do throws(SessionStoreError) {
            if let leg = legs.first, legs.count == 1 {
                answers = [.success(try await self.base.read(SessionRead(leg.key, as: .asOperator, consistency: .strong)))]
            } else {
                self.metrics.batchedLoad.increment(by: legs.count)
                let found = try await self.base.read(batch: legs.map(\.key), as: .asOperator, consistency: .strong)
                answers = legs.map { found[$0.key] ?? .failure(.leftOut) }
            }
        } catch {
            answers = legs.map { _ in .failure(error) }
        }
        self.note(answers)
        return answers
    }

    /// What answers say of the table: one of them is enough to know that it works.
    private func note(_ answers: [LoadAnswer]) {
        let verdicts = answers.map { answer in
            if case .failure(let error) = answer { TableVerdict(error) } else { TableVerdict.answered }
        }
        if verdicts.contains(where: { $0 == .answered || $0 == .refusedForLoad }) {
            self.tableBreaker.answered()
        } else if verdicts.contains(.outage) {
            self.tableBreaker.failed(now: self.clock.uptime)
        }
    }

    /// Puts the table's answer where others find it. What fails here costs the next reader a question to the table, nothing else.
    private func close(_ closing: LoadMachine.Closing, _ leg: FlightLeg) async {
        let stored: Bool?
        switch closing {
        case .pass: return
        case .fill(let entry):
            stored = try? await self.noting { () async throws(RedisError) in
                try await self.commands.fill(self.redisKey(leg.key), leg.token, self.sealed(entry, leg.key))
            }
        case .refresh(let seen, let entry):
            stored = try? await self.noting { () async throws(RedisError) in
                try await self.commands.refresh(self.redisKey(leg.key), seen: seen, self.sealed(entry, leg.key))
            }
        }
        if stored == false { self.metrics.refusedFill.increment() }
    }

    func land(_ leg: FlightLeg, _ answer: LoadAnswer) {
        for waiter in self.flights.withLock({ $0.ended(leg.token) }) { waiter.resume(returning: answer) }
    }
}

extension LoadAnswer {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
