extension UVLoop {
    /// Waits at least `duration`, to the millisecond. Throws `.cancelled` when the task is cancelled first, `.shutDown` when the loop ends first.
    public func sleep(for duration: Duration) async throws(EventLoopError) {
        let sleeper = Sleeper(loop: self)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.execute { sleeper.state.value.start(duration, continuation) }
            }
        } onCancel: {
            self.execute { sleeper.state.value.finish(.failure(.cancelled)) }
        }
        try result.get()
    }
}

/// One sleep: its timer, and the one who waits.
private struct Sleeper: Sendable {
    let state: LoopBound<State>

    init(loop: UVLoop) {
        self.state = LoopBound(State(loop: loop), loop: loop)
    }

    final class State {
        private unowned let loop: UVLoop
        private var timer: LoopTimer?
        private var hook: ShutdownHook?
        private var waiter: CheckedContinuation<Result<Void, EventLoopError>, Never>?
        private var result: Result<Void, EventLoopError>?

        init(loop: UVLoop) {
            self.loop = loop
        }

        func start(_ duration: Duration, _ waiter: CheckedContinuation<Result<Void, EventLoopError>, Never>) {
            // Cancelled before it began.
            if let result = self.result {
                waiter.resume(returning: result)
                return
            }
            self.waiter = waiter
            self.hook = self.loop.onShutdown { [self] in self.finish(.failure(.shutDown)) }
            if self.result != nil { return }
            self.timer = LoopTimer(self.loop) { [self] in self.finish(.success(())) }
            self.timer?.arm(after: duration)
        }

        func finish(_ result: Result<Void, EventLoopError>) {
            guard self.result == nil else { return }
            self.result = result
            self.timer?.close()
            self.timer = nil
            self.hook?.cancel()
            self.hook = nil
            self.waiter?.resume(returning: result)
            self.waiter = nil
        }
    }
}
