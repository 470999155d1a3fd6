import Locked
package import Logging
import Spans
package import Tracing

/// A span that becomes one line.
package final class LogSpan: Span {
    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var events: [String] = []
        var hasFailed = false
        var hasEnded = false
    }

    /// The message of its line; what it has to say is metadata.
    package static let message: Logger.Message = "span"

    /// What its children find in their task.
    package let context: ServiceContext
    private let trace: TraceContext
    private let parent: TraceContext?
    private let kind: SpanKind
    /// Nanoseconds since 1970.
    private let start: UInt64
    private let logger: Logger
    private let state: Locked<State>

    init(_ name: String, in context: ServiceContext, kind: SpanKind, start: UInt64, logger: Logger) {
        self.parent = context.trace
        self.trace = Self.next(after: context.trace, at: start)
        var context = context
        context.trace = self.trace
        self.context = context
        self.kind = kind
        self.start = start
        self.logger = logger
        self.state = Locked(State(name: name))
    }

    /// X-Ray takes a trace only where the first 32 bits of its id are the time.
    private static func next(after parent: TraceContext?, at start: UInt64) -> TraceContext {
        let span = UInt64.random(in: 1...UInt64.max)
        if var next = parent {
            next.span = span
            return next
        }
        let seconds = start / 1_000_000_000 & 0xffff_ffff
        return TraceContext(
            high: seconds << 32 | .random(in: 0...0xffff_ffff), low: .random(in: 1...UInt64.max), span: span, isSampled: true)
    }

    /// Its name.
    package var operationName: String {
        get { self.state.withLock { $0.name } }
        set { self.state.withLock { $0.name = newValue } }
    }

    /// What it says.
    package var attributes: SpanAttributes {
        get { self.state.withLock { $0.attributes } }
        set { self.state.withLock { $0.attributes = newValue } }
    }

    /// Until it ends.
    package var isRecording: Bool { self.state.withLock { !$0.hasEnded } }

    /// A status of `error` is told; its message may hold anything and is not.
    package func setStatus(_ status: SpanStatus) {
        self.state.withLock { $0.hasFailed = status.code == .error }
    }

    /// Events are told by name.
    package func addEvent(_ event: SpanEvent) {
        self.state.withLock { $0.events.append(event.name) }
    }

    /// Of an error only its type is told.
    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        self.state.withLock { state in
            if state.attributes.get(SpanField.errorType.rawValue) == nil {
                state.attributes[SpanField.errorType.rawValue] = String(describing: type(of: error))
            }
        }
    }

    /// Links are not told.
    package func addLink(_ link: SpanLink) {}

    /// Writes the line; once.
    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let end = instant().nanosecondsSinceEpoch
        let state = self.state.withLock { state -> State? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return state
        }
        guard let state else { return }
        self.logger.info(Self.message, metadata: self.metadata(state, end))
    }

    private func metadata(_ state: State, _ end: UInt64) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "name": .string(state.name), "kind": .string("\(self.kind)"), "trace_id": .string(self.trace.traceID),
            "span_id": .string(self.trace.spanID), "duration_ms": .string(Self.milliseconds(end > self.start ? end - self.start : 0)),
        ]
        if let parent = self.parent { metadata["parent_span_id"] = .string(parent.spanID) }
        if state.hasFailed { metadata["status"] = "error" }
        if !state.events.isEmpty { metadata["events"] = .array(state.events.map { .string($0) }) }
        state.attributes.forEach { name, value in metadata[name] = .string(Self.text(value)) }
        return metadata
    }

    /// With microseconds: `12.345`.
    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        let rest = String(nanoseconds / 1000 % 1000)
        return "\(nanoseconds / 1_000_000).\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest)"
    }

    private static func text(_ value: SpanAttribute) -> String {
        switch value {
        case .string(let text): text
        case .int32(let number): String(number)
        case .int64(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): String(flag)
        case .stringConvertible(let thing): thing.description
        case .stringArray(let texts): texts.joined(separator: ",")
        default: "\(value)"
        }
    }
}
