internal import AWS
internal import Locked
internal import Redis
internal import SessionStore

/// What the network and the servers do to single requests.
extension World {
    func isRedisReachable(from process: Process) -> Bool {
        let now = self.scheduler.elapsed
        return self.state.withLock { now >= $0.redisDownUntil && now >= $0.cutUntil[process.number] ?? .zero }
    }

    /// The fate of a command, and the refusal that it gets, if any.
    func redisFate(_ process: Process) -> (Fate, RedisError.Code?) {
        let profile = self.profile
        let isTroubled = self.state.withLock { $0.isTroubled }
        let (fate, refusal) = self.scheduler.choose { random -> (Fate, RedisError.Code?) in
            let usual = Duration.microseconds(100)...(.milliseconds(1))
            var fate = Fate(arrives: random.duration(usual), returns: random.duration(usual))
            guard isTroubled else { return (fate, nil) }
            if random.chance(profile.slowRedis, in: 1000) {
                // Up to 20 s: a server that was stopped executes what waited in its socket.
                let limit: Duration = random.chance(1, in: 20) ? .seconds(20) : .milliseconds(150)
                fate.slow(by: random.duration(.zero...limit), onItsWay: random.chance(1, in: 2))
            }
            if random.chance(profile.lostCommands, in: 1000) { fate.arrives = nil }
            if random.chance(profile.lostReplies, in: 1000) { fate.returns = nil }
            if random.chance(profile.brokenConnections, in: 1000) { fate.breaks = random.duration(.zero...(.milliseconds(3))) }
            guard random.chance(profile.refusedCommands, in: 1000) else { return (fate, nil) }
            return (fate, random.pick([.readOnly, .loading, .busy, .outOfMemory, .clusterDown]))
        }
        return (self.inOrder(fate, process), refusal)
    }

    /// What one connection carries arrives in the order in which it was sent; over several connections it need not.
    private func inOrder(_ fate: Fate, _ process: Process) -> Fate {
        guard self.profile.ordersCommands, let arrives = fate.arrives else { return fate }
        let now = self.scheduler.elapsed
        var fate = fate
        fate.arrives = self.state.withLock { state in
            let at = max(now + arrives, (state.lastArrival[process.number] ?? .zero) + .microseconds(1))
            state.lastArrival[process.number] = at
            return at - now
        }
        return fate
    }

    /// The fate of a request to the table, and the error that it gets, if any.
    func tableFate(_ isWrite: Bool) -> (Fate, AWSError?) {
        let profile = self.profile
        let now = self.scheduler.elapsed
        let (isTroubled, isDown) = self.state.withLock { ($0.isTroubled, now < $0.tableDownUntil) }
        let (fate, error, marks) = self.scheduler.choose { random -> (Fate, AWSError?, [Mark]) in
            let usual = Duration.milliseconds(1)...(.milliseconds(6))
            var fate = Fate(arrives: random.duration(usual), returns: random.duration(usual))
            guard isTroubled else { return (fate, nil, []) }
            if isDown {
                if random.chance(1, in: 2) { return (fate, Self.serviceError("InternalServerError", 500, .unknown), []) }
                return (Fate(arrives: nil, returns: nil, breaks: random.duration(.zero...(.milliseconds(20)))), nil, [])
            }
            if random.chance(profile.slowTable, in: 1000) {
                let limit: Duration = random.chance(1, in: 8) ? Profile.slowestTable : .milliseconds(400)
                fate.slow(by: random.duration(.zero...limit), onItsWay: random.chance(1, in: 2))
            }
            if random.chance(profile.throttles, in: 1000) { return (fate, Self.throttled, []) }
            if isWrite, random.chance(profile.collisions, in: 1000) {
                return (fate, Self.serviceError("TransactionConflictException", 400, .refused), [.collision])
            }
            if random.chance(profile.lostAnswers, in: 1000) {
                if random.chance(1, in: 3) { fate.arrives = nil }
                fate.returns = nil
                fate.breaks = random.duration(.zero...(.milliseconds(30)))
            }
            if isWrite, random.chance(profile.lateAttempts, in: 1000) {
                fate.arrives = random.duration(.milliseconds(10)...(random.chance(1, in: 3) ? Profile.latestAttempt : .milliseconds(300)))
                fate.breaks = random.duration(.zero...(.milliseconds(30)))
            }
            return (fate, nil, [])
        }
        for mark in marks { self.mark(mark) }
        return (fate, error)
    }

    private static let throttled = AWSError(
        .service, "throttled", code: "ProvisionedThroughputExceededException", status: 400, isThrottling: true, outcome: .refused)

    private static func serviceError(_ code: String, _ status: Int, _ outcome: AWSError.Outcome) -> AWSError {
        AWSError(.service, code, code: code, status: status, outcome: outcome)
    }
}
