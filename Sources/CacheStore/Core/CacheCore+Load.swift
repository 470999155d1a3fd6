internal import CoreMetrics
internal import Locked
internal import SessionStore
internal import Synchronization

/// One session of a flight.
struct FlightLeg: Sendable {
    let key: SessionKey
    let plan: LoadPlan
    let token: Token
}

extension CacheCore {
    /// What the table says, asked by this read or by another one whose question is as good.
    func load(_ key: SessionKey, _ plan: LoadPlan, holding lease: Token?, began: UInt64) async -> LoadAnswer {
        let id = self.readerIDs.add(1, ordering: .relaxed).newValue
        let deadline = self.clock.uptime + self.loadBudget
        let reader = FlightTable<ReadWaiter>.Reader(id: id, key: key, began: began, lease: lease, deadline: deadline)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let leg = self.seat(reader, .read(continuation), plan) { self.start([leg]) }
                // The handler may have run before the reader had its seat; then the flag is up.
                if Task.isCancelled { self.leave(id) }
            }
        } onCancel: {
            self.leave(id)
        }
    }

    /// Finds a flight for the reader, or gives the one that has to be started.
    func seat(_ reader: FlightTable<ReadWaiter>.Reader, _ waiter: ReadWaiter, _ plan: LoadPlan) -> FlightLeg? {
        guard self.arrive(reader, waiter, fresh: nil) == .needsToken else {
            self.metrics.deduplicatedLoad.increment()
            return nil
        }
        let token = self.freshToken()
        switch self.arrive(reader, waiter, fresh: token) {
        case .joined, .needsToken:
            self.metrics.deduplicatedLoad.increment()
            return nil
        case .start:
            self.metrics.load.increment()
            return FlightLeg(key: reader.key, plan: plan, token: token)
        }
    }

    /// Starts a flight, in a task of its own: it must outlive the read that began it.
    func start(_ legs: [FlightLeg]) {
        if self.owned.start({ await self.fly(legs) }) { return }
        for leg in legs { self.land(leg, .failure(.closedCache)) }
    }

    func leave(_ id: UInt64) {
        self.flights.withLock { $0.left(id) }?.resume(returning: .failure(.cancelledRead))
    }

    /// Renews an entry behind the answer that it gave.
    func renew(_ key: SessionKey, seen: [UInt8], epoch: UInt64) {
        let token = self.freshToken()
        let limit = self.configuration.reads.maximumRefreshes
        switch self.flights.withLock({ $0.renewalDue(key, fresh: token, limit: limit) }) {
        case .underWay: return
        case .left: self.metrics.refreshLeftOut.increment()
        case .start:
            self.metrics.refresh.increment()
            self.start([FlightLeg(key: key, plan: .recheck(seen: seen, epoch: epoch), token: token)])
        }
    }

    private func arrive(
        _ reader: FlightTable<ReadWaiter>.Reader, _ waiter: ReadWaiter, fresh: Token?
    ) -> FlightTable<ReadWaiter>.Arrival {
        let (arrival, watch) = self.flights.withLock { flights in
            let arrival = flights.arrived(reader, waiter, fresh: fresh)
            return (arrival, arrival != .needsToken && flights.watchStarts())
        }
        if watch { self.watchDeadlines() }
        return arrival
    }

    private func watchDeadlines() {
        _ = self.owned.start {
            while true {
                let now = self.clock.uptime
                let (late, next) = self.flights.withLock { $0.deadlinesReached(now: now) }
                for waiter in late {
                    self.metrics.lateLoad.increment()
                    waiter.resume(returning: .failure(.lateRead))
                }
                guard let next else { return }
                // Not for each of many readers that came one after the other.
                do { try await self.clock.sleep(for: max(next - now, .milliseconds(10))) } catch { return }
            }
        }
    }
}

extension SessionStoreError {
    /// The caller's task was cancelled while it waited.
    static var cancelledRead: SessionStoreError {
        SessionStoreError(.cancelled, "the read was cancelled; read again if the session is still wanted")
    }

    fileprivate static var lateRead: SessionStoreError {
        SessionStoreError(.deadlineExceeded, "cache and table did not answer within the time for reads: try again, or allow more time")
    }

    static var tableRests: SessionStoreError {
        SessionStoreError(
            .unavailable, "the table has not answered for a while and is asked once per interval: try again; if it lasts, check the table")
    }

    static var leftOut: SessionStoreError {
        SessionStoreError(.unavailable, "the store behind the cache left a session out of its answer to a batch")
    }

    fileprivate static var closedCache: SessionStoreError {
        SessionStoreError(.closed, "the cache was shut down")
    }
}
