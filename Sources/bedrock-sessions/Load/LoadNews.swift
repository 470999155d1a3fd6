import JSON
import Load

/// What a worker of a load tells the process that started it, a line each.
enum LoadNews: Sendable {
    /// It has filled or removed its sessions, and waits.
    case ready
    case news(LoadRun.News)
    case done(LoadRun.Span)

    var json: JSONValue {
        switch self {
        case .ready: ["ready": true]
        case .news(.filled(let count)): ["filled": .number(String(count))]
        case .news(.before(let interval)): ["before": interval.json]
        case .news(.second(let second, let interval)): ["second": .number(String(second)), "interval": interval.json]
        case .done(let span):
            ["duration_ns": .number(String(span.duration.nanoseconds)), "cpu_ns": .number(String(span.processorTime.nanoseconds))]
        }
    }

    /// Reads such a line; nil for anything else.
    init?(_ line: [UInt8]) {
        guard let json = try? JSONValue(parsing: line) else { return nil }
        if json["ready"] != nil {
            self = .ready
        } else if let count = json["filled"]?.integer {
            self = .news(.filled(Int(count)))
        } else if let before = json["before"].flatMap(Interval.init) {
            self = .news(.before(before))
        } else if let second = json["second"]?.integer, let interval = json["interval"].flatMap(Interval.init), second >= 0 {
            self = .news(.second(Int(second), interval))
        } else if let duration = json["duration_ns"]?.integer, let processorTime = json["cpu_ns"]?.integer {
            self = .done(LoadRun.Span(duration: .nanoseconds(duration), processorTime: .nanoseconds(processorTime)))
        } else {
            return nil
        }
    }
}
