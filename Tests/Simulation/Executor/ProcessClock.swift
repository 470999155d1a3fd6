internal import Locked
package import SessionStore

/// The clocks of one process: virtual time, the wall clock off by some skew, the monotonic one from another beginning.
package final class ProcessClock: SessionClock {
    private let scheduler: Scheduler
    private let state: Locked<(skew: Duration, ahead: Duration)>

    /// A clock that is off by `skew`.
    package init(_ scheduler: Scheduler, skew: Duration) {
        self.scheduler = scheduler
        self.state = Locked((skew, .seconds(1000)))
    }

    package var now: Timestamp { self.scheduler.now + self.state.withLock { $0.skew } }

    package var uptime: Duration { self.scheduler.elapsed + self.state.withLock { $0.ahead } }

    /// Sets the wall clock, as a time server does.
    package func setSkew(_ skew: Duration) {
        self.state.withLock { $0.skew = skew }
    }

    /// The process is dead: what still unwinds of it finds every deadline passed.
    func leap() {
        self.state.withLock { $0.ahead += .seconds(1_000_000) }
    }

    package func sleep(for duration: Duration) async throws {
        let handoff = Handoff<Bool>()
        self.scheduler.after(duration) { handoff.put(true) }
        let isOver = await withTaskCancellationHandler {
            await handoff.take()
        } onCancel: {
            handoff.put(false)
        }
        if !isOver { throw CancellationError() }
    }
}
