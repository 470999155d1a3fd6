internal import CoreMetrics
internal import Locked
internal import Synchronization

/// A counter of whole things.
final class CountingInstrument: CounterHandler {
    private let total = Atomic<Int64>(0)

    var value: Double { Double(self.total.load(ordering: .relaxed)) }

    func increment(by amount: Int64) { self.total.wrappingAdd(amount, ordering: .relaxed) }

    /// A sum that is exported never goes down: what has been counted stays.
    func reset() {}
}

/// A counter of parts, such as capacity units.
final class SummingInstrument: FloatingPointCounterHandler {
    private let total = Locked(0.0)

    var value: Double { self.total.withLock { $0 } }

    func increment(by amount: Double) { self.total.withLock { $0 += amount } }

    func reset() {}
}

/// A value that goes up and down.
final class GaugeInstrument: RecorderHandler, MeterHandler {
    private let last = Locked(0.0)

    var value: Double { self.last.withLock { $0 } }

    func record(_ value: Int64) { self.record(Double(value)) }
    func record(_ value: Double) { self.last.withLock { $0 = value } }
    func set(_ value: Int64) { self.record(Double(value)) }
    func set(_ value: Double) { self.record(value) }
    func increment(by amount: Double) { self.last.withLock { $0 += amount } }
    func decrement(by amount: Double) { self.last.withLock { $0 -= amount } }
}

/// Durations in buckets, and the latest of them as they were, for a format that takes single values.
final class DurationInstrument: TimerHandler {
    /// Upper bounds in seconds: a cache answers within the first few, a table within the middle, a deadline is at the end.
    static let bounds = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
    /// CloudWatch takes that many values of one metric in one document.
    static let keptValues = 100

    private struct State {
        var counts = [Int64](repeating: 0, count: DurationInstrument.bounds.count + 1)
        var nanoseconds: Int64 = 0
        /// Not taken yet, in seconds.
        var fresh: [Double] = []
    }

    private let state = Locked(State())

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        self.state.withLock { state in
            state.counts[bucket] += 1
            state.nanoseconds &+= duration
            if state.fresh.count < Self.keptValues { state.fresh.append(seconds) }
        }
    }

    var value: MetricReading.Histogram {
        self.state.withLock { .init(bounds: Self.bounds, counts: $0.counts, sum: Double($0.nanoseconds) / 1e9) }
    }

    /// The values since this was last asked, the first hundred of them.
    func takeFresh() -> [Double] {
        self.state.withLock { state in
            defer { state.fresh.removeAll(keepingCapacity: true) }
            return state.fresh
        }
    }
}
