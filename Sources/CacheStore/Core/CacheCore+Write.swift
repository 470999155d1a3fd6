internal import CoreMetrics
internal import Locked
internal import Logging
internal import Redis
package import SessionStore

extension CacheCore {
    /// Changes one session: intent, table, publish, acknowledge.
    package func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        try await self.write(write, through: self.base)
    }

    /// The same, the change made by another way to the same source of truth.
    func change(_ write: SessionWrite, through base: any SessionStore) async throws(SessionStoreError) -> WriteResult {
        try SessionRules.admit(write.caller, to: write.key)
        if Task.isCancelled { throw SessionStoreError(.cancelled, "the write was cancelled before it began; nothing was written") }
        // What this process has read is over with the write, and so is what it reads meanwhile.
        self.near?.changed(write.key)
        defer { self.near?.changed(write.key) }
        let writing = Writing(
            key: write.key, redisKey: self.redisKey(write.key), token: self.freshToken(), policy: self.policy,
            startedAt: self.clock.uptime)
        let replaced = await self.announce(writing)
        guard writing.machine.withLock({ $0.mayWrite }) else { throw await self.refuse(writing) }
        let askedAt = self.clock.now
        var attempt = write
        let basis = WriteMachine.basis(from: EntryDecoder.state(of: self.opened(replaced, write.key)), now: askedAt)
        if basis != .unknown { attempt.basis = basis }
        attempt.beforeAttempt = { () async throws(SessionStoreError) in
            try await self.beforeAttempt(writing)
            try await write.beforeAttempt?()
        }
        do {
            var result = try await base.write(attempt)
            let now = self.clock.now
            self.tableBreaker.answered()
            let state = await self.close(writing.machine.withLock { $0.tableAnswered(result, askedAt: askedAt, now: now) }, writing)
            result.cache = result.changed ? state : .published
            return result
        } catch {
            _ = await self.close(writing.machine.withLock { $0.tableFailed(error) }, writing)
            throw error
        }
    }

    /// Ends a write before the table was touched.
    private func refuse(_ writing: Writing) async -> SessionStoreError {
        self.metrics.refusedWrite.increment()
        _ = await self.close(writing.machine.withLock { $0.refused() }, writing)
        return .cacheMustHear
    }

    /// Tells readers that a write is coming. Answers what the key held. Without Redis the write goes on without an intent.
    private func announce(_ writing: Writing) async -> [UInt8]? {
        let sentAt = self.clock.uptime
        do {
            let answer = try await self.noting { () async throws(RedisError) in
                try await self.commands.intent(writing.redisKey, writing.token, time: self.configuration.times.intent)
            }
            writing.machine.withLock { $0.intentAnswered(standsAt: answer.standsAt, sentAt: sentAt) }
            return answer.replaced
        } catch {
            writing.machine.withLock { $0.intentFailed(mayHaveArrived: error.mayHaveExecuted) }
            return nil
        }
    }

    private func beforeAttempt(_ writing: Writing) async throws(SessionStoreError) {
        let uptime = self.clock.uptime
        switch writing.machine.withLock({ $0.attemptStarting(uptime: uptime) }) {
        case .proceed: break
        case .renew: _ = await self.announce(writing)
        case .giveUp: throw SessionStoreError(.deadlineExceeded, "the write used up its time; read the session before writing again")
        }
        guard writing.machine.withLock({ $0.mayWrite }) else {
            self.metrics.refusedWrite.increment()
            throw .cacheMustHear
        }
    }

    /// Ends the write at the cache, in a task of its own: a caller that is cancelled now has written all the same, and others are to see it.
    private func close(_ closing: WriteMachine.Closing, _ writing: Writing) async -> WriteResult.CacheState {
        switch closing {
        case .publish(let version, let entry):
            return await Task(executorPreference: self.executor) { await self.publish(version, self.sealed(entry, writing.key), writing) }
                .value
        case .withdraw:
            // What fails here costs readers the cache until the intent expires.
            await Task(executorPreference: self.executor) {
                try? await self.noting { () async throws(RedisError) in
                    try await self.commands.withdraw(writing.redisKey, writing.token)
                }
            }.value
            return .published
        case .leave:
            return .pending
        }
    }

    private func publish(_ version: SessionVersion, _ entry: EncodedEntry, _ writing: Writing) async -> WriteResult.CacheState {
        let item = ReplayQueue.Item(key: writing.redisKey, version: version)
        while true {
            do {
                let outcome = try await self.noting { () async throws(RedisError) in
                    try await self.commands.publish(writing.redisKey, writing.token, version, entry)
                }
                self.metrics.published(outcome)
                self.cacheWasTold(item)
                return .published
            } catch {
                let uptime = self.clock.uptime
                let isCacheDown = !self.cacheBreaker.isClosed || !error.isWorthRetrying
                switch writing.machine.withLock({ $0.publishFailed(uptime: uptime, isCacheDown: isCacheDown) }) {
                case .again(let pause):
                    try? await self.clock.sleep(for: pause)
                case .pending:
                    self.metrics.pending.increment()
                    self.replayLater(item, after: error)
                    return .pending
                }
            }
        }
    }
}

extension SessionStoreError {
    /// The write policy is `.consistent`, and there is no intent.
    fileprivate static var cacheMustHear: SessionStoreError {
        SessionStoreError(
            .unavailable,
            "the cache cannot be told of this write, and the write policy wants it to be: nothing was written; check Redis, or choose \"available\""
        )
    }
}

/// One write under way.
private struct Writing: Sendable {
    let key: SessionKey
    let redisKey: [UInt8]
    let token: Token
    let machine: Locked<WriteMachine>

    init(key: SessionKey, redisKey: [UInt8], token: Token, policy: CachePolicy, startedAt: Duration) {
        self.key = key
        self.redisKey = redisKey
        self.token = token
        self.machine = Locked(WriteMachine(policy: policy, startedAt: startedAt))
    }
}
