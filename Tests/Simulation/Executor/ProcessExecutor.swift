/// Where the tasks of one simulated process run.
package final class ProcessExecutor: TaskExecutor {
    /// Its number.
    package let process: Int
    private let scheduler: Scheduler

    /// The executor of that process.
    package init(_ scheduler: Scheduler, process: Int) {
        self.scheduler = scheduler
        self.process = process
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        self.scheduler.enqueue(Scheduler.Job(job: UnownedJob(job), executor: self))
    }
}
