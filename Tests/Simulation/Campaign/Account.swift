internal import CacheStore
internal import History
internal import Locked
internal import SessionStore

/// What a simulation keeps beside the history: which promise each session's reads still have, and why.
struct Account: Sendable {
    /// Whose token it is.
    var tokens: [[UInt8]: Int] = [:]
    /// Writes whose intent did not stand when the table executed them.
    var exposed: Set<Int> = []
    /// Writes whose publish Redis has executed.
    var published: Set<Int> = []
    var guarantee = Rules.Guarantee.linearizable
    var exceptions: [SessionKey: Rules.Guarantee] = [:]
    /// Attempts at the table, by operation.
    var attempts: [Int: Int] = [:]
    /// Operations with an attempt whose answer was lost.
    var uncertain: Set<Int> = []
    var ended: Set<Int> = []
    /// When the table did not answer some process: from a request that failed to the next one that was answered.
    var outages: [ClosedRange<Timestamp>] = []
    /// The outages that are not over, by process.
    var openOutages: [Int: Timestamp] = [:]

    /// The reads of a session promise this at most from now on.
    mutating func lower(_ key: SessionKey, to guarantee: Rules.Guarantee) {
        self.exceptions[key] = min(self.exceptions[key] ?? self.guarantee, guarantee)
    }

    /// The same for all sessions.
    mutating func lowerAll(to guarantee: Rules.Guarantee) {
        self.guarantee = min(self.guarantee, guarantee)
        for (key, before) in self.exceptions { self.exceptions[key] = min(before, guarantee) }
    }
}

/// One attempt at the table.
struct Attempt: Sendable {
    let operation: Int?
    let number: Int
}

extension World {
    /// A publish with this token was executed.
    func published(_ token: [UInt8]) {
        self.state.withLock { state in
            if let operation = state.account.tokens[token] { state.account.published.insert(operation) }
        }
    }

    /// A request leaves for the table.
    func attemptSent(_ isWrite: Bool) -> Attempt {
        guard let operation = Context.operation else { return Attempt(operation: nil, number: 0) }
        return self.state.withLock { state in
            let wasLost = state.account.uncertain.contains(operation)
            guard isWrite else {
                if wasLost { state.marks[.unknownOutcomeReadBack] += 1 }
                return Attempt(operation: operation, number: 0)
            }
            if wasLost { state.marks[.sentAgain] += 1 }
            let number = (state.account.attempts[operation] ?? 0) + 1
            state.account.attempts[operation] = number
            return Attempt(operation: operation, number: number)
        }
    }

    func answerLost(_ attempt: Attempt) {
        guard let operation = attempt.operation, attempt.number > 0 else { return }
        self.state.withLock { _ = $0.account.uncertain.insert(operation) }
    }

    /// A request of a process to the table has ended.
    func tableEnded(_ process: Process, from sentAt: Timestamp, isAnswered: Bool) {
        let now = self.scheduler.now
        self.state.withLock { state in
            let open = state.account.openOutages[process.number]
            // So slow an answer is an outage to whoever waits for it.
            let isSlow = now > sentAt + .seconds(1)
            guard isAnswered else {
                state.account.openOutages[process.number] = open ?? sentAt
                return
            }
            guard let start = open ?? (isSlow ? sentAt : nil) else { return }
            state.account.openOutages[process.number] = nil
            // What other calls were answered the breaker may only find out with its next probe.
            state.account.outages.append(start...now + self.profile.tableBreaker.interval)
        }
    }

    /// The table executes an UpdateItem.
    func update(_ body: [UInt8], _ attempt: Attempt, from process: Process) -> SimulatedTable.Answer {
        let (answer, change) = self.table.update(body)
        let operation = attempt.operation
        self.state.withLock { state in
            guard let operation else { return }
            let isLate = state.account.ended.contains(operation) || (state.account.attempts[operation] ?? 0) > attempt.number
            if isLate { state.marks[.lateAttempt] += 1 }
            guard case .conditionFailed = answer else { return }
            state.marks[.lostRace] += 1
            if isLate { state.marks[.lateAttemptRefused] += 1 }
        }
        if let change, change.beginsAgain { self.mark(.createdAgain) }
        if let change, let key = self.keys.first(where: { $0.rawValue == change.key }) {
            self.history.changed(key, by: operation, to: change.record)
            self.noteExposure(key, operation)
            self.strikeWriter(process, key)
        }
        return answer
    }

    /// Readers may fill what they read before this write, unless its intent stands now.
    private func noteExposure(_ key: SessionKey, _ operation: Int?) {
        let standing = self.redis.standing(self.redisKey(key))
        self.state.withLock { state in
            guard let operation else { return }
            let stands = standing.contains { state.account.tokens[$0.token] == operation }
            guard !stands else { return }
            state.account.exposed.insert(operation)
            state.account.lower(key, to: .acknowledged)
            state.marks[.exposedWrite] += 1
        }
    }

    /// An operation has returned.
    func ended(_ operation: Int, _ key: SessionKey, acknowledged: Bool) {
        self.state.withLock { state in
            state.account.ended.insert(operation)
            guard acknowledged, state.account.exposed.contains(operation), !state.account.published.contains(operation) else { return }
            state.account.lower(key, to: .bounded)
            state.marks[.exposedAndPending] += 1
        }
    }

    /// What the history of this world is held to.
    var rules: Rules {
        var rules = Rules()
        rules.revalidateAfter = self.profile.revalidateAfter
        rules.clockTolerance = self.profile.clockTolerance
        rules.nearAge = self.profile.nearBound
        rules.process = { $0 / 10 }
        self.state.withLock { state in
            rules.guarantee = state.account.guarantee
            rules.exceptions = state.account.exceptions
            let end = self.scheduler.now + .seconds(1)
            rules.outages = state.account.outages + state.account.openOutages.values.map { $0...end }
        }
        return rules
    }
}
