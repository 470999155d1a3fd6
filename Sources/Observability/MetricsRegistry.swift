package import CoreMetrics
internal import Locked

/// Metrics in memory, for whoever asks: `MetricsSystem.bootstrap(registry)`, then `PrometheusText` or `EmbeddedMetrics`.
///
/// A metric that is made twice under the same key is one metric: two stores in a process count together.
package final class MetricsRegistry: MetricsFactory {
    enum Instrument: Sendable {
        case count(CountingInstrument)
        case sum(SummingInstrument)
        case gauge(GaugeInstrument)
        case duration(DurationInstrument)
    }

    private struct State {
        var instruments: [MetricKey: Instrument] = [:]
        /// The same in order; nil: a metric has been made since.
        var sorted: [(key: MetricKey, value: Instrument)]?
    }

    private let state = Locked(State())

    /// A registry that knows no metric yet.
    package init() {}

    /// What every metric has come to, sorted by its key.
    package func readings() -> [MetricReading] {
        self.sorted().map { key, instrument in
            let value: MetricReading.Value =
                switch instrument {
                case .count(let counter): .counter(counter.value)
                case .sum(let counter): .counter(counter.value)
                case .gauge(let gauge): .gauge(gauge.value)
                case .duration(let timer): .histogram(timer.value)
                }
            return MetricReading(key: key, value: value)
        }
    }

    /// All instruments by their keys.
    func sorted() -> [(key: MetricKey, value: Instrument)] {
        self.state.withLock { state in
            if let sorted = state.sorted { return sorted }
            let sorted = state.instruments.sorted { $0.key < $1.key }
            state.sorted = sorted
            return sorted
        }
    }

    private func instrument(_ label: String, _ dimensions: [(String, String)], or make: () -> Instrument) -> Instrument {
        let key = MetricKey(label, dimensions)
        return self.state.withLock { state in
            if let instrument = state.instruments[key] { return instrument }
            let instrument = make()
            state.instruments[key] = instrument
            state.sorted = nil
            return instrument
        }
    }

    // A second metric of another kind under the same key is kept from the first: it counts, and nobody sees it.

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        if case .count(let counter) = self.instrument(label, dimensions, or: { .count(CountingInstrument()) }) { return counter }
        return CountingInstrument()
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        if case .sum(let counter) = self.instrument(label, dimensions, or: { .sum(SummingInstrument()) }) { return counter }
        return SummingInstrument()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { self.gauge(label, dimensions) }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        self.gauge(label, dimensions)
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeInstrument {
        if case .gauge(let gauge) = self.instrument(label, dimensions, or: { .gauge(GaugeInstrument()) }) { return gauge }
        return GaugeInstrument()
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        if case .duration(let timer) = self.instrument(label, dimensions, or: { .duration(DurationInstrument()) }) { return timer }
        return DurationInstrument()
    }

    // What was counted stays: totals do not go down because a store was closed.

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
