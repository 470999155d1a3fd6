extension UVLoop {
    /// Waits at least `duration`, to the millisecond. Throws `.cancelled` when the task is cancelled first, `.shutDown` when the loop ends first.
    public func sleep(for duration: Duration) async throws(EventLoopError) {
        try await LoopWaiter<Void>.wait(on: self) { waiter in
            let timer = LoopTimer(self) { waiter.finish(.success(())) }
            timer.arm(after: duration)
            return { timer.close() }
        }
    }
}
