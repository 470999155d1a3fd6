/// Where a call runs whose awaits are to be met one by one: its jobs wait until whoever drives it runs the next.
final class StepExecutor: TaskExecutor {
    private let jobs: AsyncStream<UnownedJob>
    private let queue: AsyncStream<UnownedJob>.Continuation

    private init() {
        (self.jobs, self.queue) = AsyncStream.makeStream()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // After the call's end, or when its driver was cancelled, nobody takes it.
        if case .terminated = self.queue.yield(job) { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Makes a call and cancels it at a point: 0 before it begins, 1 while it waits at its first await, 2 when that has ended and it is to go on, and so
    /// forth. Answers what came of it, and whether it got as far as that point.
    static func run<Answer: Sendable>(
        cancellingAt point: Int, _ call: @escaping @Sendable () async -> Answer
    ) async -> (answer: Answer, wasCancelled: Bool) {
        let executor = StepExecutor()
        let task = Task(executorPreference: executor) {
            let answer = await call()
            executor.queue.finish()
            return answer
        }
        var (passed, wasCancelled) = (0, false)
        for await job in executor.jobs {
            if passed == point {
                task.cancel()
                wasCancelled = true
            }
            job.runSynchronously(on: executor.asUnownedTaskExecutor())
            if passed + 1 == point {
                task.cancel()
                wasCancelled = true
            }
            passed += 2
        }
        return (await task.value, wasCancelled)
    }
}
