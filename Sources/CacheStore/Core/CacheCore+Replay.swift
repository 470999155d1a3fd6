internal import CoreMetrics
internal import Locked
internal import Logging
internal import Redis
internal import SessionStore
internal import Synchronization

/// What the cache is told late: writes of which it could not be told in time.
extension CacheCore {
    /// Runs a command, and notes what its end says of the cache.
    func noting<Value>(_ command: () async throws(RedisError) -> Value) async throws(RedisError) -> Value {
        do throws(RedisError) {
            let value = try await command()
            self.cacheAnswered()
            return value
        } catch {
            self.cacheFailed(error)
            throw error
        }
    }

    /// Redis has answered. Nothing more than two atomic loads while all is well.
    @inline(__always)
    func cacheAnswered() {
        if !self.cacheBreaker.isQuiet { self.cacheBreaker.answered() }
        if self.hasReplays.load(ordering: .relaxed) { self.replayNow() }
    }

    /// A command has failed.
    func cacheFailed(_ error: RedisError) {
        switch error.verdict {
        case .answered: self.cacheAnswered()
        case .failed: self.cacheBreaker.failed(now: self.clock.uptime)
        case .nothing: break
        }
    }

    /// The cache could not be told of a version: it will be.
    func replayLater(_ item: ReplayQueue.Item, after error: RedisError) {
        let now = self.clock.uptime
        let addition = self.updateReplays { $0.publishFailed(item, now: now) }
        self.metrics.replayDropped.increment(by: addition.dropped)
        guard addition.startsTimer else { return }
        self.logger.warning(
            "the cache could not be told of a write; such writes are told as soon as it answers", metadata: ["error": "\(error.code.label)"]
        )
        _ = self.owned.start { await self.lookAfterReplays() }
    }

    /// The cache knows of a version by other means.
    func cacheWasTold(_ item: ReplayQueue.Item) {
        if self.hasReplays.load(ordering: .relaxed) { self.updateReplays { $0.told(item) } }
    }

    /// One last attempt, before the cache is closed.
    func replayForTheLastTime() async {
        let now = self.clock.uptime
        guard let round = self.updateReplays({ $0.timerFired(.proceed, now: now) }) else { return }
        await self.send(round)
    }

    private func replayNow() {
        let now = self.clock.uptime
        let round = self.updateReplays { $0.commandSucceeded(now: now) }
        self.metrics.replayExpired.increment(by: round.expired)
        guard !round.items.isEmpty else { return }
        if !self.owned.start({ await self.send(round) }) { self.updateReplays { $0.roundEnded(failed: true) } }
    }

    private func lookAfterReplays() async {
        while true {
            do { try await self.clock.sleep(for: self.configuration.replays.interval) } catch { return }
            let now = self.clock.uptime
            // Without anything to send, nobody's probe is used up.
            let permit = self.hasReplays.load(ordering: .relaxed) ? self.cacheBreaker.requested(now: now) : .refuse
            guard let round = self.updateReplays({ $0.timerFired(permit, now: now) }) else {
                return self.logger.notice("the cache was told of all writes that waited, or their time is over")
            }
            self.metrics.replayExpired.increment(by: round.expired)
            if !round.items.isEmpty { await self.send(round) }
        }
    }

    /// Sends a round, and the next ones while all goes well.
    private func send(_ first: ReplayQueue.Round) async {
        var round = first
        while !round.items.isEmpty {
            let failures = await withTaskGroup(of: Bool.self) { group in
                for item in round.items { group.addTask { await self.send(item) } }
                return await group.reduce(into: 0) { $0 += $1 ? 0 : 1 }
            }
            self.updateReplays { $0.roundEnded(failed: failures > 0) }
            let now = self.clock.uptime
            round = self.updateReplays { $0.commandSucceeded(now: now) }
            self.metrics.replayExpired.increment(by: round.expired)
        }
    }

    private func send(_ item: ReplayQueue.Item) async -> Bool {
        do throws(RedisError) {
            try await self.commands.replay(item.key, item.version)
            self.cacheBreaker.answered()
            self.updateReplays { $0.told(item) }
            self.metrics.replayed.increment()
            return true
        } catch {
            self.cacheFailed(error)
            self.metrics.replayFailed.increment()
            return false
        }
    }

    @discardableResult
    private func updateReplays<Result: Sendable>(_ event: (inout ReplayQueue) -> Result) -> Result {
        let (result, count) = self.replays.withLock { queue in
            let result = event(&queue)
            self.hasReplays.store(queue.count > 0, ordering: .relaxed)
            return (result, queue.count)
        }
        self.metrics.replaysWaiting.record(count)
        return result
    }
}
