import CoreMetrics
import Testing

@testable import Observability

@Suite("metrics as Prometheus reads them")
struct PrometheusTextTests {
    private let registry = MetricsRegistry()

    private var text: String { PrometheusText.text(of: self.registry.readings()) }

    @Test("counters end in _total, with a type for each name and a line for each value of a dimension")
    func counters() {
        Counter(label: "cache.reads", dimensions: [("outcome", "hit")], factory: self.registry).increment(by: 3)
        Counter(label: "cache.reads", dimensions: [("outcome", "absent")], factory: self.registry).increment()
        FloatingPointCounter(label: "dynamo.capacity", factory: self.registry).increment(by: 0.5)
        #expect(
            self.text == """
                # TYPE cache_reads_total counter
                cache_reads_total{outcome="absent"} 1
                cache_reads_total{outcome="hit"} 3
                # TYPE dynamo_capacity_total counter
                dynamo_capacity_total 0.5

                """)
    }

    @Test("the same metric made twice counts together, and stays when one of the two is destroyed")
    func shared() {
        let one = Counter(label: "loads", factory: self.registry)
        Counter(label: "loads", factory: self.registry).increment(by: 2)
        one.increment()
        one.destroy()
        #expect(self.text.contains("loads_total 3\n"))
    }

    @Test("durations are histograms in seconds, whose buckets count everything up to their bound")
    func durations() {
        let timer = Timer(label: "cache.request_duration", dimensions: [("command", "get")], factory: self.registry)
        for duration: Int64 in [50_000, 100_000, 2_000_000, 9_000_000_000] { timer.recordNanoseconds(duration) }
        #expect(self.text.contains("# TYPE cache_request_duration_seconds histogram\n"))
        for line in [
            #"_bucket{command="get",le="0.0001"} 2"#, #"_bucket{command="get",le="0.001"} 2"#, #"_bucket{command="get",le="0.0025"} 3"#,
            #"_bucket{command="get",le="5.0"} 3"#, #"_bucket{command="get",le="+Inf"} 4"#, #"_sum{command="get"} 9.00215"#,
            #"_count{command="get"} 4"#,
        ] {
            #expect(self.text.contains("cache_request_duration_seconds\(line)\n"), "\(line)")
        }
    }

    @Test("a gauge says its last value")
    func gauges() {
        let gauge = Gauge(label: "breaker", dimensions: [("tier", "cache")], factory: self.registry)
        gauge.record(2)
        gauge.record(1)
        let meter = Meter(label: "connections", factory: self.registry)
        meter.increment(by: 3)
        meter.decrement()
        #expect(self.text == "# TYPE breaker gauge\nbreaker{tier=\"cache\"} 1\n# TYPE connections gauge\nconnections 2\n")
    }

    @Test("names become what Prometheus allows, values are escaped")
    func escapes() {
        Counter(label: "2nd-name.é", dimensions: [("a b", "back\\slash \"quote\"\nline")], factory: self.registry).increment()
        #expect(self.text.hasSuffix("_2nd_name____total{a_b=\"back\\\\slash \\\"quote\\\"\\nline\"} 1\n"))
    }

    @Test("a metric of another kind under a name that is taken neither traps nor shows")
    func kinds() {
        Counter(label: "x", factory: self.registry).increment()
        Timer(label: "x", factory: self.registry).recordNanoseconds(1)
        Gauge(label: "x", factory: self.registry).record(7)
        FloatingPointCounter(label: "x", factory: self.registry).increment(by: 2)
        #expect(self.text == "# TYPE x_total counter\nx_total 1\n")
    }
}
