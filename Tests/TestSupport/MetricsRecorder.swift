package import CoreMetrics
import Locked

/// Metrics in memory: what counters and gauges have come to, by label and dimensions. Bind it with `withMetricsFactory` around what is to be watched.
package final class MetricsRecorder: MetricsFactory {
    private let state = Locked<[String: Double]>([:])

    package init() {}

    /// The value of a metric: of a counter the sum, of a gauge the last value; 0 where nothing was told. `name` is the label and, in their order, the dimensions:
    /// `reads outcome=hit`.
    package subscript(name: String) -> Double { self.state.withLock { $0[name] ?? 0 } }

    /// The names of all metrics that were told anything but nothing.
    package var names: Set<String> { self.state.withLock { Set($0.filter { $0.value != 0 }.keys) } }

    private final class Handler: CounterHandler, FloatingPointCounterHandler, RecorderHandler, TimerHandler, MeterHandler {
        private let name: String
        private let state: Locked<[String: Double]>

        init(_ label: String, _ dimensions: [(String, String)], _ state: Locked<[String: Double]>) {
            self.name = ([label] + dimensions.map { "\($0)=\($1)" }).joined(separator: " ")
            self.state = state
        }

        func increment(by amount: Int64) { self.increment(by: Double(amount)) }
        func increment(by amount: Double) { self.state.withLock { $0[self.name, default: 0] += amount } }
        func decrement(by amount: Double) { self.increment(by: -amount) }
        func set(_ value: Int64) { self.set(Double(value)) }
        func set(_ value: Double) { self.state.withLock { $0[self.name] = value } }
        func record(_ value: Int64) { self.set(Double(value)) }
        func record(_ value: Double) { self.set(value) }
        func recordNanoseconds(_ duration: Int64) { self.increment(by: Double(duration)) }
        func reset() { self.set(0.0) }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { Handler(label, dimensions, self.state) }
    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        Handler(label, dimensions, self.state)
    }
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { Handler(label, dimensions, self.state) }
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        Handler(label, dimensions, self.state)
    }
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { Handler(label, dimensions, self.state) }
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
