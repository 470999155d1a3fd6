import CUV
import Glibc
import Locked
import Synchronization

/// One thread that runs libuv's event loop and Swift tasks in turn.
///
/// A turn: run every ready job, let each connection write what the jobs queued, poll. So commands of many tasks leave in one write without anybody
/// asking for it, and a task that runs here (`Task(executorPreference: loop)`) pays no thread hop for I/O.
///
/// It works until `shutdown`, which has to be called: the thread keeps the loop alive. After that, jobs still run, one at a time, so that tasks
/// come to their end; whatever they start on the loop throws `.shutDown`.
public final class UVLoop: TaskExecutor, SerialExecutor {
    // Only the loop's thread reaches these: `core` checks that, `enqueue` asks before.
    private nonisolated(unsafe) let confined: LoopCore
    // That of `confined`, without a step in between, which would count a reference for each job.
    private nonisolated(unsafe) let ready: Ring<ReadyJob>
    let shared: Locked<Shared>
    /// The thread that runs jobs now. `pthread_self` reads one register, so comparing is cheap.
    private let thread = Atomic<UInt>(0)

    /// What other threads leave for the loop.
    struct Shared {
        var jobs: [ReadyJob] = []
        var work: [@Sendable () -> Void] = []
        var phase = Phase.running
        /// The loop polls, or is about to: it has to be woken.
        var isPolling = false
        var whenTerminated: [@Sendable () -> Void] = []

        var isEmpty: Bool { self.jobs.isEmpty && self.work.isEmpty }
    }

    enum Phase: Equatable {
        case running
        case stopping
        /// libuv's loop is gone; a thread drains what still comes, while something comes.
        case terminated(isDraining: Bool)
    }

    /// Starts the loop's thread, under `name` in debuggers (15 characters). Throws `.system` when the system has no descriptors or threads left.
    public init(name: String = "loop") throws(EventLoopError) {
        let core = try LoopCore()
        unsafe self.confined = core
        unsafe self.ready = core.ready
        self.shared = Locked(Shared())
        try self.startThread(name: name) { loop in loop.run() }
    }

    /// Whether the calling thread is the loop's.
    public var isOnLoop: Bool {
        self.thread.load(ordering: .relaxed) == UInt(pthread_self())
    }

    var core: LoopCore {
        precondition(self.isOnLoop, "used off its event loop")
        return unsafe self.confined
    }

    /// The loop's monotonic clock, as it was when this turn began. Loop only.
    package var now: Duration {
        let core = self.core
        return core.isTerminated ? .zero : unsafe .milliseconds(Int64(uv_now(core.raw)))
    }

    // MARK: - Executor

    // A job of an actor has to run isolated to the actor's executor. A task's must not: it would be queued once more to get out of that
    // isolation each time that it resumes, which was a third of what a GET cost. Both protocols name their requirement `enqueue`.

    /// Queues a job of a task that prefers this executor.
    @_implements(TaskExecutor,enqueue(_:))
    public func enqueueTask(_ job: consuming ExecutorJob) {
        self.enqueue(ReadyJob(job: UnownedJob(job), isOfActor: false))
    }

    /// Queues a job of an actor that lives on this executor.
    public func enqueue(_ job: consuming ExecutorJob) {
        self.enqueue(ReadyJob(job: UnownedJob(job), isOfActor: true))
    }

    private func enqueue(_ job: ReadyJob) {
        if self.isOnLoop {
            unsafe self.ready.append(job)
        } else {
            self.hand { $0.jobs.append(job) }
        }
    }

    /// Runs `work` on the loop: at once when called there, in the next turn otherwise.
    package func execute(_ work: @escaping @Sendable () -> Void) {
        if self.isOnLoop {
            work()
        } else {
            self.hand { $0.work.append(work) }
        }
    }

    /// Runs `work` once, when the ready jobs of this turn have run and before the loop polls. Loop only.
    package func atEndOfTurn(_ work: @escaping () -> Void) {
        self.core.endOfTurn.append(work)
    }

    /// Has `work` run when the loop shuts down: there its owner fails its waiters and closes its handles. Loop only; at once when the loop
    /// was shut down already.
    package func onShutdown(_ work: @escaping () -> Void) -> ShutdownHook {
        let core = self.core
        let hook = ShutdownHook(core, work: work)
        if core.isClosing {
            hook.cancel()
            work()
        }
        return hook
    }

    /// True on the loop's thread. Source: SE-0471.
    public func isIsolatingCurrentContext() -> Bool? {
        self.isOnLoop
    }

    /// Traps anywhere but on the loop's thread. Source: SE-0424.
    public func checkIsolated() {
        precondition(self.isOnLoop, "expected to run on its event loop")
    }

    // MARK: - Shutting down

    /// Stops the loop: every waiter is resumed with `.shutDown`, exactly once, and libuv's resources are released. Safe to call again.
    public func shutdown() async {
        await withCheckedContinuation { continuation in
            self.beginShutdown { continuation.resume() }
        }
    }

    /// `shutdown` for a thread that is no task's; on the loop's own thread it starts the shutdown and does not wait.
    public func shutdownAndWait() {
        if self.isOnLoop {
            self.beginShutdown {}
            return
        }
        let gate = Gate()
        self.beginShutdown { gate.open() }
        gate.wait()
    }

    private func beginShutdown(then done: @escaping @Sendable () -> Void) {
        let isOver = self.shared.withLock { shared in
            switch shared.phase {
            case .running, .stopping:
                shared.phase = .stopping
                shared.whenTerminated.append(done)
                self.wake(&shared)
                return false
            case .terminated:
                return true
            }
        }
        if isOver { done() }
    }

    // MARK: - Between threads

    private func hand(_ add: (inout Shared) -> Void) {
        let needsThread = self.shared.withLock { shared in
            add(&shared)
            switch shared.phase {
            case .running, .stopping:
                self.wake(&shared)
                return false
            case .terminated(let isDraining):
                shared.phase = .terminated(isDraining: true)
                return !isDraining
            }
        }
        // Without a thread to be had the jobs wait for the next one that can be: nothing better is left to do here.
        if needsThread { try? self.startThread(name: "loop-drain") { loop in loop.drain() } }
    }

    /// Wakes the loop if it polls. Under the lock, so that it cannot race with the end of the loop.
    private func wake(_ shared: inout Shared) {
        guard shared.isPolling else { return }
        shared.isPolling = false
        unsafe self.confined.waker.wake()
    }

    private func startThread(name: String, _ body: @escaping @Sendable (UVLoop) -> Void) throws(EventLoopError) {
        try LoopThread.start(name: name) { [self] in
            self.thread.store(UInt(pthread_self()), ordering: .relaxed)
            body(self)
        }
    }

    /// The calling thread stops being the loop's.
    func resignThread() {
        self.thread.store(0, ordering: .relaxed)
    }
}
