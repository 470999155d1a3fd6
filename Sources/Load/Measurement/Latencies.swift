internal import Histogram
internal import JSON

/// How long operations took, in nanoseconds, to three digits (HdrHistogram).
package struct Latencies: Sendable {
    private var histogram: Histogram<UInt64>?

    /// An hour: nothing here waits as long.
    private static let highest: UInt64 = 3_600_000_000_000

    package init() {}

    /// How many there are.
    package var count: Int { Int(self.histogram?.totalCount ?? 0) }

    /// One took so long.
    package mutating func record(_ nanoseconds: Int64) {
        self.record(UInt64(clamping: nanoseconds), count: 1)
    }

    private mutating func record(_ nanoseconds: UInt64, count: UInt64) {
        // Most intervals have no operation of most kinds, and an empty histogram takes 100 KB.
        var histogram =
            self.histogram.take()
            ?? Histogram(lowestDiscernibleValue: 64, highestTrackableValue: Self.highest, numberOfSignificantValueDigits: .three)
        histogram.record(min(nanoseconds, Self.highest), count: count)
        self.histogram = histogram
    }

    /// Adds what others took.
    package mutating func add(_ other: Latencies) {
        guard let more = other.histogram else { return }
        if var histogram = self.histogram.take() {
            histogram.add(more)
            self.histogram = histogram
        } else {
            self.histogram = more
        }
    }

    /// What `percent` of the operations did not exceed, in nanoseconds; 0: there were none.
    package func percentile(_ percent: Double) -> Int64 {
        self.histogram.map { $0.totalCount == 0 ? 0 : Int64(clamping: $0.valueAtPercentile(percent)) } ?? 0
    }

    /// The longest, in nanoseconds.
    package var longest: Int64 {
        self.histogram.map { $0.totalCount == 0 ? 0 : Int64(clamping: $0.max) } ?? 0
    }

    /// Pairs of time and count, in one row.
    var pairs: JSONValue {
        guard let histogram = self.histogram else { return .array([]) }
        return .array(
            histogram.recordedValues().flatMap { [JSONValue.number(String($0.value)), .number(String($0.count))] })
    }

    /// Reads such pairs; nil for anything else.
    init?(pairs: JSONValue) {
        guard let numbers = pairs.elements, numbers.count.isMultiple(of: 2) else { return nil }
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard let time = numbers[index].integer, let count = numbers[index + 1].integer, time >= 0, count >= 0 else { return nil }
            self.record(UInt64(time), count: UInt64(count))
        }
    }
}
