/// What one metric has come to.
package struct MetricReading: Hashable, Sendable {
    /// Which metric.
    package var key: MetricKey
    /// Its value.
    package var value: Value

    /// The kinds of metric.
    package enum Value: Hashable, Sendable {
        /// A sum that never gets smaller.
        case counter(Double)
        /// A value of this moment.
        case gauge(Double)
        /// Durations, in seconds.
        case histogram(Histogram)
    }

    /// How many values were how large.
    package struct Histogram: Hashable, Sendable {
        /// The upper bounds of the buckets, ascending; one more bucket has no bound.
        package var bounds: [Double]
        /// How many values each bucket has, the unbounded one last.
        package var counts: [Int64]
        /// The sum of all values.
        package var sum: Double

        /// How many values there are.
        package var count: Int64 { self.counts.reduce(0, +) }
    }
}
