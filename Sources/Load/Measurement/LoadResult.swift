/// What a load came to.
package struct LoadResult: Sendable {
    /// The plan that was followed.
    package let plan: LoadPlan
    /// Processes that made it.
    package let workers: Int
    /// What happened second by second, after the warm-up.
    package private(set) var points: [LoadPoint] = []
    /// All of it together.
    package private(set) var total = Interval()
    /// What was judged while sessions were filled, in the warm-up, and while they were removed: verification has no warm-up.
    package private(set) var before = Interval()
    /// How long it took, after the warm-up.
    package var duration = Duration.zero
    /// Processor time of the processes that made the load, user and system, in that time.
    package var processorTime = Duration.zero
    /// Whether it was ended before its time.
    package var isInterrupted = false

    /// Seconds that processes may still tell of. Later everything of a second but its point is forgotten: histograms are large.
    private var open: [Int: Interval] = [:]
    private static let openSeconds = 4

    package init(_ plan: LoadPlan, workers: Int = 1) {
        self.plan = plan
        self.workers = workers
    }

    /// Wrong answers, whenever.
    package var wrong: Int { self.total.wrong + self.before.wrong }
    /// Wrong answers by kind, whenever.
    package var faults: [Ledger.Fault: Int] { self.total.faults.merging(self.before.faults) { $0 + $1 } }
    /// Older answers that were allowed, whenever.
    package var older: Int { self.total.older + self.before.older }

    /// Operations that were answered, a second.
    package var rate: Double {
        let seconds = self.duration / .seconds(1)
        return seconds > 0 ? Double(self.total.answered) / seconds : 0
    }

    /// Processor time of each of them, in microseconds.
    package var processorMicroseconds: Double {
        self.total.answered == 0 ? 0 : self.processorTime / .microseconds(1) / Double(self.total.answered)
    }

    /// Takes in what one process did in one second.
    package mutating func add(_ interval: Interval, second: Int) {
        self.total.add(interval)
        self.open[second, default: Interval()].add(interval)
        let latest = self.open.keys.max() ?? second
        for key in self.open.keys.sorted() where key <= latest - Self.openSeconds { self.close(key) }
    }

    /// Takes in what does not count, but was judged.
    package mutating func addBefore(_ interval: Interval) {
        self.before.add(interval)
    }

    /// Nobody tells more.
    package mutating func finish() {
        for key in self.open.keys.sorted() { self.close(key) }
    }

    /// What happened last, in a second that is over: for a line that tells how it goes.
    package var latest: LoadPoint? {
        let seconds = self.open.keys.sorted()
        guard let second = seconds.dropLast().last ?? seconds.last, let interval = self.open[second] else { return self.points.last }
        return LoadPoint(interval, second: second)
    }

    private mutating func close(_ second: Int) {
        guard let interval = self.open.removeValue(forKey: second) else { return }
        self.points.append(LoadPoint(interval, second: second))
    }
}
