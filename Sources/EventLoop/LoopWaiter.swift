/// A task that waits for one thing on the loop: resumed exactly once, by the thing, by its own cancellation or by the loop's end. Loop only.
final class LoopWaiter<Value: Sendable> {
    typealias Outcome = Result<Value, EventLoopError>

    private let core: LoopCore
    private var hook: ShutdownHook?
    private var continuation: CheckedContinuation<Outcome, Never>?
    private var outcome: Outcome?
    /// What is to be released when it is over.
    private var release: () -> Void = {}

    private init(_ loop: UVLoop) {
        self.core = loop.core
    }

    /// Waits on `loop` for what `begin` starts there; it returns how to stop it. `begin` does not run for a task that was cancelled before.
    static func wait(
        on loop: UVLoop, _ begin: @escaping @Sendable (LoopWaiter) -> () -> Void
    ) async throws(EventLoopError) -> Value {
        let place = LoopBound(Place(), loop: loop)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.execute {
                    let waiter = LoopWaiter(loop)
                    waiter.continuation = continuation
                    // The cancellation may have arrived first.
                    if place.value.isCancelled { return waiter.finish(.failure(.cancelled)) }
                    place.value.waiter = waiter
                    waiter.start(loop, begin)
                }
            }
        } onCancel: {
            loop.execute {
                place.value.isCancelled = true
                place.value.waiter?.finish(.failure(.cancelled))
            }
        }
        return try outcome.get()
    }

    private final class Place {
        var isCancelled = false
        weak var waiter: LoopWaiter?
    }

    private func start(_ loop: UVLoop, _ begin: (LoopWaiter) -> () -> Void) {
        self.hook = loop.onShutdown { [self] in self.finish(.failure(.shutDown)) }
        if self.outcome != nil { return }
        let release = begin(self)
        if self.outcome == nil { self.release = release } else { release() }
    }

    /// Resumes the task, the first time; later calls change nothing.
    func finish(_ outcome: Outcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        self.hook?.cancel()
        self.hook = nil
        self.release()
        self.release = {}
        self.continuation?.resume(returning: outcome)
        self.continuation = nil
    }
}
