internal import Locked

/// One simulated process: its executor, its clock, and whether it lives.
package final class Process: Sendable {
    /// Its number; a process that takes the place of a dead one has another.
    package let number: Int
    /// Where its tasks run.
    package let executor: ProcessExecutor
    /// What it takes for the time.
    package let clock: ProcessClock
    let scheduler: Scheduler

    private struct State {
        var isDead = false
        var nextID = 0
        var waiting: [(id: Int, link: LinkName, abandon: @Sendable (Ending) -> Void)] = []
    }

    private let state = Locked(State())

    /// A living process.
    package init(_ scheduler: Scheduler, number: Int, skew: Duration) {
        self.scheduler = scheduler
        self.number = number
        self.executor = ProcessExecutor(scheduler, process: number)
        self.clock = ProcessClock(scheduler, skew: skew)
    }

    /// Whether it was killed. What its tasks do afterwards reaches nobody.
    package var isDead: Bool { self.state.withLock { $0.isDead } }

    /// Kills it: between any two steps of its tasks.
    package func kill() {
        self.state.withLock { $0.isDead = true }
        self.scheduler.thaw(self.number)
        self.clock.leap()
        self.abandon(nil, .dead)
    }

    /// Ends every request that waits for an answer over that link; nil: over any.
    func abandon(_ link: LinkName?, _ ending: Ending) {
        let waiting = self.state.withLock { state in
            let found = state.waiting.filter { link == nil || $0.link == link }
            state.waiting.removeAll { link == nil || $0.link == link }
            return found
        }
        for request in waiting { request.abandon(ending) }
    }

    func wait(on link: LinkName, _ abandon: @escaping @Sendable (Ending) -> Void) -> Int {
        self.state.withLock { state in
            state.nextID += 1
            state.waiting.append((state.nextID, link, abandon))
            return state.nextID
        }
    }

    func stopWaiting(_ id: Int) {
        self.state.withLock { state in
            state.waiting.removeAll { $0.id == id }
        }
    }
}

/// Where a request goes.
enum LinkName: Sendable {
    case redis, table
}

/// How a request ends that no reply ended.
package enum Ending: Sendable {
    /// Its deadline came.
    case timedOut
    /// Its connection ended.
    case broken
    /// Its caller was cancelled.
    case cancelled
    /// Its process died.
    case dead
}

/// What the network does to one request.
package struct Fate: Sendable {
    /// When the request arrives; nil: never.
    package var arrives: Duration?
    /// How long the reply takes; nil: for ever.
    package var returns: Duration?
    /// When the connection ends, if it does.
    package var breaks: Duration?

    /// A request with that fate.
    package init(arrives: Duration?, returns: Duration?, breaks: Duration? = nil) {
        self.arrives = arrives
        self.returns = returns
        self.breaks = breaks
    }

    /// The request, or else its reply, takes that long.
    mutating func slow(by time: Duration, onItsWay: Bool) {
        if onItsWay { self.arrives = time } else { self.returns = time }
    }
}

extension Process {
    /// Sends a request: `serve` runs at the server when it arrives, whatever has become of the sender. Nil from there: no reply.
    func exchange<Reply: Sendable>(
        _ link: LinkName, _ fate: Fate, deadline: Duration, _ serve: @escaping @Sendable () -> Reply?
    ) async -> Result<Reply, EndingError> {
        if self.isDead { return .failure(EndingError(.dead)) }
        let handoff = Handoff<Result<Reply, EndingError>>()
        let id = self.wait(on: link) { handoff.put(.failure(EndingError($0))) }
        let scheduler = self.scheduler
        if let arrives = fate.arrives {
            scheduler.after(arrives) {
                guard let reply = serve(), let returns = fate.returns else { return }
                scheduler.after(returns) { handoff.put(.success(reply)) }
            }
        }
        if let breaks = fate.breaks { scheduler.after(breaks) { handoff.put(.failure(EndingError(.broken))) } }
        scheduler.after(deadline) { handoff.put(.failure(EndingError(.timedOut))) }
        let result = await withTaskCancellationHandler {
            await handoff.take()
        } onCancel: {
            handoff.put(.failure(EndingError(.cancelled)))
        }
        self.stopWaiting(id)
        return result
    }
}

/// An ending as an error.
struct EndingError: Error {
    let ending: Ending

    init(_ ending: Ending) { self.ending = ending }
}
