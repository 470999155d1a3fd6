package import EventLoop
package import SessionStore

/// A system clock whose sleeps are timers of a loop: tasks that run there wake up there, and no thread pool is started for them.
package struct LoopClock: SessionClock {
    private let base: SystemClock
    private let loop: UVLoop

    /// The time of `base`, sleeps on `loop`.
    package init(_ base: SystemClock, loop: UVLoop) {
        self.base = base
        self.loop = loop
    }

    package var now: Timestamp { self.base.now }

    /// What is added to the local wall clock, as far as the table's answers taught.
    package var learnedCorrection: Duration { self.base.learnedCorrection }

    package var uptime: Duration { self.base.uptime }

    package func sleep(for duration: Duration) async throws {
        do throws(EventLoopError) {
            try await self.loop.sleep(for: duration)
        } catch {
            throw error.code == .cancelled ? CancellationError() as any Error : error
        }
    }

    package func alarm(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        self.loop.alarm(after: duration, action)
    }
}
