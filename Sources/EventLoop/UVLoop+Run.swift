import CUV
import Locked

extension UVLoop {
    /// A turn polls after at most this many jobs, so that tasks that never wait cannot starve the sockets.
    private static let jobsPerTurn = 4096

    /// The loop's thread.
    func run() {
        while self.shared.withLock({ $0.phase == .running }) {
            self.runTurn()
            self.poll()
        }
        self.close()
        self.drain()
    }

    /// Lets libuv look at its handles; waits for them only when nothing else is to be done.
    private func poll() {
        let core = self.core
        let mayWait = self.shared.withLock { shared in
            shared.isPolling =
                core.ready.isEmpty && core.endOfTurn.isEmpty && shared.isEmpty && (core.isClosing || shared.phase == .running)
            return shared.isPolling
        }
        _ = unsafe uv_run(core.raw, mayWait ? UV_RUN_ONCE : UV_RUN_NOWAIT)
        if mayWait { self.shared.withLock { $0.isPolling = false } }
    }

    /// Runs what is ready, then what waits for the end of the turn.
    private func runTurn() {
        let core = self.core
        self.takeShared()
        self.runReady()
        if core.endOfTurn.isEmpty { return }
        let work = core.endOfTurn
        core.endOfTurn = []
        for item in work { item() }
    }

    /// Runs the jobs that are ready, in order, and what they make ready after them, within the limit of a turn.
    private func runReady() {
        let core = self.core
        let serial = unsafe self.asUnownedSerialExecutor()
        let task = unsafe self.asUnownedTaskExecutor()
        for _ in 0..<Self.jobsPerTurn {
            guard let job = core.ready.popFirst() else { return }
            if job.isOfActor {
                unsafe job.job.runSynchronously(isolatedTo: serial, taskExecutor: task)
            } else {
                unsafe job.job.runSynchronously(on: task)
            }
        }
    }

    private func takeShared() {
        let core = self.core
        let work = self.shared.withLock { shared -> [@Sendable () -> Void] in
            if !shared.jobs.isEmpty {
                for job in shared.jobs { core.ready.append(job) }
                shared.jobs.removeAll(keepingCapacity: true)
            }
            defer { shared.work = [] }
            return shared.work
        }
        for item in work { item() }
    }

    /// Closes every handle and lets libuv finish with them; what runs meanwhile finds the loop closing.
    private func close() {
        let core = self.core
        core.closeEverything()
        while unsafe uv_loop_alive(core.raw) != 0 {
            self.runTurn()
            self.poll()
        }
        self.runTurn()
        let done = self.shared.withLock { shared in
            shared.phase = .terminated(isDraining: true)
            defer { shared.whenTerminated = [] }
            return shared.whenTerminated
        }
        core.terminate()
        for item in done { item() }
    }

    /// After libuv's loop is gone: runs what still comes, one job at a time, and ends when nothing is left.
    func drain() {
        while true {
            self.runTurn()
            guard self.core.ready.isEmpty, self.core.endOfTurn.isEmpty else { continue }
            let isDone = self.shared.withLock { shared in
                guard shared.isEmpty else { return false }
                shared.phase = .terminated(isDraining: false)
                self.resignThread()
                return true
            }
            if isDone { return }
        }
    }
}
