/// What remains of one second of a load.
package struct LoadPoint: Sendable {
    /// The second's number, from 0.
    package var second: Int
    /// By kind of answer.
    package var lanes: [Lane: Figures] = [:]
    /// All kinds together.
    package var all: Figures
    package var hitRatio: Double?
    package var failures: Int
    package var wrong: Int
    package var older: Int

    /// How many, and how long they took, in nanoseconds.
    package struct Figures: Hashable, Sendable {
        package var count: Int
        package var p50: Int64
        package var p99: Int64
        package var p999: Int64
        package var longest: Int64

        package init(_ latencies: Latencies) {
            self.count = latencies.count
            self.p50 = latencies.percentile(50)
            self.p99 = latencies.percentile(99)
            self.p999 = latencies.percentile(99.9)
            self.longest = latencies.longest
        }
    }

    package init(_ interval: Interval, second: Int) {
        self.second = second
        self.lanes = interval.latencies.mapValues(Figures.init)
        self.all = Figures(interval.merged())
        self.hitRatio = interval.hitRatio
        self.failures = interval.failures
        self.wrong = interval.wrong
        self.older = interval.older
    }
}
