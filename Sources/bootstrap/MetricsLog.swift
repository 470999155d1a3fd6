import CoreMetrics
import Glibc
import Observability

/// The function's metrics, as lines of its log that CloudWatch makes metrics of.
struct MetricsLog: Sendable {
    private static let namespace = "BedrockSessions"

    private let metrics: EmbeddedMetrics

    /// Makes itself the process's metrics system; once.
    init(functionName: String?) {
        let registry = MetricsRegistry()
        MetricsSystem.bootstrap(registry)
        let dimensions = functionName.map { [MetricKey.Dimension("FunctionName", $0)] } ?? []
        self.metrics = EmbeddedMetrics(registry, namespace: Self.namespace, dimensions: dimensions)
    }

    /// Writes what has changed since the last time, one line for each set of dimensions, all at once.
    func write() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let documents = self.metrics.documents(at: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        var lines: [UInt8] = []
        for document in documents {
            lines += document
            lines.append(UInt8(ascii: "\n"))
        }
        var start = 0
        while start < lines.count {
            let count = lines[start...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            // Nobody to read them: metrics are not worth an answer.
            guard count > 0 || errno == EINTR else { return }
            start += max(count, 0)
        }
    }
}
