internal import Locked
package import SessionStore

/// The whole world of one simulation: every job of every task, every timer, one random choice after the other, all from one seed.
///
/// Nothing runs beside `run`: tasks prefer executors of this scheduler, and whatever resumes them is a timer of it. So one seed is one history.
package final class Scheduler: Sendable {
    struct Job {
        let job: UnownedJob
        let executor: ProcessExecutor
    }

    fileprivate struct Timer {
        /// Microseconds.
        let at: Int64
        /// Decides between timers of one instant; random.
        let rank: UInt64
        let work: @Sendable () -> Void

        static func < (left: Timer, right: Timer) -> Bool { (left.at, left.rank) < (right.at, right.rank) }
    }

    fileprivate struct State {
        var random: Randomness
        var now: Int64 = 0
        var ready: [Job] = []
        var held: [Int: [Job]] = [:]
        /// A heap: the earliest timer first.
        var timers: [Timer] = []
        var steps = 0
    }

    fileprivate enum Step {
        case job(Job)
        case timer(@Sendable () -> Void)
        case over
    }

    /// The instant at which every simulation begins.
    package static let start = Timestamp(seconds: 1_700_000_000)
    private let state: Locked<State>

    /// A world without anything in it.
    package init(seed: UInt64) {
        self.state = Locked(State(random: Randomness(seed: seed)))
    }

    /// The true time, which no process knows.
    package var now: Timestamp { Self.start + self.elapsed }

    /// Time since the beginning.
    package var elapsed: Duration { .microseconds(self.state.withLock { $0.now }) }

    /// How many jobs and timers have run.
    package var steps: Int { self.state.withLock { $0.steps } }

    /// Makes random choices.
    package func choose<Result>(_ body: (inout Randomness) -> sending Result) -> sending Result {
        self.state.withLock { body(&$0.random) }
    }

    /// Has `work` run after that time.
    package func after(_ duration: Duration, _ work: @escaping @Sendable () -> Void) {
        self.state.withLock { state in
            let at = state.now + max(0, duration.microseconds)
            state.push(Timer(at: at, rank: state.random.next(), work: work))
        }
    }

    func enqueue(_ job: Job) {
        self.state.withLock { state in
            if state.held[job.executor.process] != nil {
                state.held[job.executor.process]?.append(job)
            } else {
                state.ready.append(job)
            }
        }
    }

    /// Stops the jobs of a process: they wait for `thaw`.
    package func freeze(_ process: Int) {
        self.state.withLock { state in
            var held = state.held[process] ?? []
            var ready: [Job] = []
            for job in state.ready {
                if job.executor.process == process { held.append(job) } else { ready.append(job) }
            }
            state.ready = ready
            state.held[process] = held
        }
    }

    /// Ends `freeze`.
    package func thaw(_ process: Int) {
        self.state.withLock { state in
            state.ready += state.held.removeValue(forKey: process) ?? []
        }
    }

    /// Runs until there is nothing left to run, or `limit` steps have run. Answers whether nothing is left.
    @discardableResult
    package func run(limit: Int = 1_000_000) -> Bool {
        for _ in 0..<limit {
            switch self.state.withLock({ $0.step() }) {
            case .job(let job): unsafe job.job.runSynchronously(on: job.executor.asUnownedTaskExecutor())
            case .timer(let work): work()
            case .over: return true
            }
        }
        return false
    }
}

extension Scheduler.State {
    /// The next job, any of those that are ready; now and then a timer of the next milliseconds although jobs are ready, as on a slow machine.
    fileprivate mutating func step() -> Scheduler.Step {
        self.steps += 1
        let isDue = self.timers.first.map { $0.at <= self.now + 5000 } ?? false
        if !self.ready.isEmpty, !isDue || !self.random.chance(1, in: 16) {
            self.ready.swapAt(self.random.below(self.ready.count), self.ready.count - 1)
            return .job(self.ready.removeLast())
        }
        guard let timer = self.pop() else { return .over }
        self.now = max(self.now, timer.at)
        return .timer(timer.work)
    }

    fileprivate mutating func push(_ timer: Scheduler.Timer) {
        self.timers.append(timer)
        var index = self.timers.count - 1
        while index > 0, self.timers[index] < self.timers[(index - 1) / 2] {
            self.timers.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func pop() -> Scheduler.Timer? {
        guard let first = self.timers.first else { return nil }
        let last = self.timers.removeLast()
        guard !self.timers.isEmpty else { return first }
        self.timers[0] = last
        var index = 0
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2] where child < self.timers.count && self.timers[child] < self.timers[smallest] {
                smallest = child
            }
            if smallest == index { return first }
            self.timers.swapAt(index, smallest)
            index = smallest
        }
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
