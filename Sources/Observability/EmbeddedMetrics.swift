internal import JSON
internal import Locked

/// Metrics as CloudWatch Logs finds them in a log: one line of JSON for each set of dimensions, with what has changed since the last time.
///
/// Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format": a directive names a namespace, sets of dimensions and at most a hundred metrics
/// with their units; their values, a number or at most a hundred of them, are members of the document itself.
package final class EmbeddedMetrics: Sendable {
    private let registry: MetricsRegistry
    private let namespace: String
    private let dimensions: [MetricKey.Dimension]
    /// What counters and gauges had come to.
    private let told = Locked<[MetricKey: Double]>([:])

    /// The names of one document's metrics.
    private static let metricsPerDocument = 100

    /// - Parameters:
    ///   - registry: Whose metrics.
    ///   - namespace: CloudWatch's.
    ///   - dimensions: In front of each metric's own, such as the function's name.
    package init(_ registry: MetricsRegistry, namespace: String, dimensions: [MetricKey.Dimension] = []) {
        self.registry = registry
        self.namespace = namespace
        self.dimensions = dimensions
    }

    /// One metric's news.
    private struct News {
        var name: String
        var unit: String
        var values: [Double]
    }

    /// What has changed, as documents of one line each, without line ends; empty when nothing has.
    ///
    /// - Parameter milliseconds: The time, since 1970.
    package func documents(at milliseconds: Int64) -> [[UInt8]] {
        // Sets of dimensions in the order of the first metric that has each.
        var order: [[MetricKey.Dimension]] = []
        var news: [[MetricKey.Dimension]: [News]] = [:]
        for (key, instrument) in self.registry.sorted() {
            guard let one = self.news(of: key, instrument) else { continue }
            if news[key.dimensions] == nil { order.append(key.dimensions) }
            news[key.dimensions, default: []].append(one)
        }
        return order.flatMap { dimensions in
            let all = news[dimensions] ?? []
            return stride(from: 0, to: all.count, by: Self.metricsPerDocument).map { start in
                self.document(self.dimensions + dimensions, all[start..<min(start + Self.metricsPerDocument, all.count)], milliseconds)
            }
        }
    }

    private func news(of key: MetricKey, _ instrument: MetricsRegistry.Instrument) -> News? {
        switch instrument {
        case .count(let counter): self.growth(of: key, counter.value)
        case .sum(let counter): self.growth(of: key, counter.value)
        case .gauge(let gauge): self.change(of: key, gauge.value)
        case .duration(let timer):
            switch timer.takeFresh().map({ $0 * 1000 }) {
            case let values where values.isEmpty: nil
            case let values: News(name: key.label, unit: "Milliseconds", values: values)
            }
        }
    }

    private func growth(of key: MetricKey, _ value: Double) -> News? {
        let growth = self.told.withLock { told in
            let before = told[key] ?? 0
            // Another thread may have told of more already.
            told[key] = max(before, value)
            return value - before
        }
        return growth > 0 ? News(name: key.label, unit: "Count", values: [growth]) : nil
    }

    private func change(of key: MetricKey, _ value: Double) -> News? {
        let isNew = self.told.withLock { told in
            defer { told[key] = value }
            return told[key] != value
        }
        return isNew ? News(name: key.label, unit: "None", values: [value]) : nil
    }

    private func document(_ dimensions: [MetricKey.Dimension], _ news: ArraySlice<News>, _ milliseconds: Int64) -> [UInt8] {
        let directive: JSONValue = [
            "Namespace": .string(self.namespace),
            "Dimensions": .array([.array(dimensions.map { .string($0.name) })]),
            "Metrics": .array(news.map { ["Name": .string($0.name), "Unit": .string($0.unit)] }),
        ]
        var members: [JSONValue.Member] = [
            .init("_aws", ["Timestamp": .number(String(milliseconds)), "CloudWatchMetrics": [directive]])
        ]
        members += dimensions.map { .init($0.name, .string($0.value)) }
        members += news.map { one in
            .init(one.name, one.values.count == 1 ? Self.number(one.values[0]) : .array(one.values.map(Self.number)))
        }
        return JSONValue.object(members).encoded
    }

    private static func number(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .number("0") }
        return .number(Int64(exactly: value).map(String.init) ?? "\(value)")
    }
}
