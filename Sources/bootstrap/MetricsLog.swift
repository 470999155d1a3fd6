import CoreMetrics
import Glibc
import Locked
import Observability

/// The function's metrics, as lines of its log that CloudWatch makes metrics of.
struct MetricsLog: Sendable {
    private static let namespace = "BedrockSessions"

    /// CloudWatch keeps values of a minute together: a busy function need not tell of each event, which would cost more than the event.
    private static let interval: Int64 = 1000

    private let metrics: EmbeddedMetrics
    /// When it last wrote, in milliseconds since 1970.
    private let lastWrite = Locked<Int64>(0)

    /// Makes itself the process's metrics system; once.
    init(functionName: String?) {
        let registry = MetricsRegistry()
        MetricsSystem.bootstrap(registry)
        let dimensions = functionName.map { [MetricKey.Dimension("FunctionName", $0)] } ?? []
        self.metrics = EmbeddedMetrics(registry, namespace: Self.namespace, dimensions: dimensions)
    }

    /// Writes what has changed since the last time, one line for each set of dimensions, all at once; unless that was less than a second ago, and this is not
    /// the end.
    func write(isEnd: Bool = false) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        let isDue = self.lastWrite.withLock { last in
            // A clock that was set back makes it due, too.
            guard isEnd || now < last || now - last >= Self.interval else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let documents = self.metrics.documents(at: now)
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
