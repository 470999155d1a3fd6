/// Metrics as Prometheus reads them.
///
/// Source: Prometheus documentation, "Exposition formats", text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), and
/// "Metric and label naming": a counter's name ends in `_total`, durations are in seconds.
package enum PrometheusText {
    /// The value of `Content-Type`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text of these readings, which are sorted by label.
    package static func text(of readings: [MetricReading]) -> String {
        var text = ""
        var last = ""
        for reading in readings {
            let name = Self.name(of: reading)
            if name != last {
                text += "# TYPE \(name) \(Self.type(of: reading.value))\n"
                last = name
            }
            switch reading.value {
            case .counter(let value), .gauge(let value): text += Self.line(name, reading.key.dimensions, value)
            case .histogram(let histogram): text += Self.lines(name, reading.key.dimensions, histogram)
            }
        }
        return text
    }

    private static func name(of reading: MetricReading) -> String {
        let base = Self.identifier(reading.key.label)
        return switch reading.value {
        case .counter: base.hasSuffix("_total") ? base : base + "_total"
        case .gauge: base
        case .histogram: base.hasSuffix("_seconds") ? base : base + "_seconds"
        }
    }

    private static func type(of value: MetricReading.Value) -> String {
        switch value {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func lines(_ name: String, _ dimensions: [MetricKey.Dimension], _ histogram: MetricReading.Histogram) -> String {
        var text = ""
        var count: Int64 = 0
        for (index, part) in histogram.counts.enumerated() {
            count += part
            let bound = index < histogram.bounds.count ? "\(histogram.bounds[index])" : "+Inf"
            text += Self.line("\(name)_bucket", dimensions + [.init("le", bound)], Double(count))
        }
        return text + Self.line("\(name)_sum", dimensions, histogram.sum) + Self.line("\(name)_count", dimensions, Double(count))
    }

    private static func line(_ name: String, _ dimensions: [MetricKey.Dimension], _ value: Double) -> String {
        let labels = dimensions.map { "\(Self.identifier($0.name))=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(value))\n"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    /// Letters, digits and underscores, no digit in front.
    private static func identifier(_ text: String) -> String {
        var name = ""
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if index == 0 { name += "_" }
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "_"
            }
        }
        return name
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
