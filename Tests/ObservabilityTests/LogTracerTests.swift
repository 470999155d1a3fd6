import Locked
import Logging
import Spans
import Testing
import Tracing

@testable import Observability

@Suite("Spans in a log", .timeLimit(.minutes(1)))
struct LogTracerTests {
    /// Keeps what is written.
    private struct Lines: LogHandler {
        let kept: Locked<[(Logger.Level, String, [String: String])]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.critical

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = (event.metadata ?? [:]).mapValues(\.description)
            self.kept.withLock { $0.append((event.level, event.message.description, line)) }
        }
    }

    private struct Broken: Error, CustomStringConvertible {
        var description: String { "a secret" }
    }

    private let kept = Locked<[(Logger.Level, String, [String: String])]>([])
    private var tracer: LogTracer { LogTracer(Logger(label: "trace") { _ in Lines(kept: self.kept) }) }
    private var lines: [[String: String]] { self.kept.withLock { $0.map(\.2) } }

    @Test("a line for each span, whatever the level of other lines: name, ids, parent, duration and what it says")
    func lineForEach() throws {
        let tracer = self.tracer
        tracer.withSpan("outer", ofKind: .server) { outer in
            outer.attributes["status"] = 200
            outer.attributes["texts"] = ["a", "b"]
            tracer.withSpan("inner") { inner in inner.addEvent("half way") }
        }
        #expect(self.kept.withLock { $0.allSatisfy { $0.0 == .info && $0.1 == "span" } })
        let (inner, outer) = try #require(self.lines.count == 2 ? (self.lines[0], self.lines[1]) : nil)
        #expect(inner["name"] == "inner" && outer["name"] == "outer" && outer["kind"] == "server" && inner["kind"] == "internal")
        #expect(inner["trace_id"] == outer["trace_id"] && inner["parent_span_id"] == outer["span_id"] && outer["parent_span_id"] == nil)
        #expect(outer["trace_id"]?.wholeMatch(of: /[0-9a-f]{32}/) != nil && outer["span_id"]?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(outer["duration_ms"]?.wholeMatch(of: /\d+\.\d{3}/) != nil)
        #expect(outer["status"] == "200" && outer["texts"] == "a,b" && inner["events"] == #"["half way"]"#)
    }

    @Test("how long it took, to the microsecond; a clock that was set back makes it nothing")
    func duration() {
        let tracer = self.tracer
        func at(_ nanoseconds: UInt64) -> DefaultTracerClock.Timestamp { .init(nanosecondsSinceEpoch: nanoseconds) }
        for end: UInt64 in [5_012_034_567, 5_000_000_999, 4_000_000_000] {
            let span = tracer.startSpan("s", context: .topLevel, ofKind: .internal, at: at(5_000_000_000), function: "", file: "", line: 0)
            #expect(span.isRecording)
            span.end(at: at(end))
            span.end(at: at(end + 1))
            #expect(!span.isRecording)
        }
        #expect(self.lines.map { $0["duration_ms"] } == ["12.034", "0.000", "0.000"])
    }

    @Test("a failure is a status and the type of the error; what the error and the status say stays out")
    func failures() {
        #expect(throws: Broken.self) { try self.tracer.withSpan("failed") { _ in throw Broken() } }
        let span = self.tracer.startSpan("coded")
        span.attributes["error.type"] = "throttled"
        span.recordError(Broken())
        span.setStatus(SpanStatus(code: .error, message: "a secret"))
        span.end()
        #expect(self.lines.map { $0["error.type"] } == ["Broken", "throttled"])
        #expect(self.lines.allSatisfy { $0["status"] == "error" && !$0.description.contains("secret") })
    }

    private struct Headers: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    @Test("the caller's trace is continued, sampled or not, and handed on with the span that is current", arguments: ["01", "00"])
    func propagation(flags: String) throws {
        let (trace, parent) = ("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
        var context = ServiceContext.topLevel
        self.tracer.extract(["traceparent": "00-\(trace)-\(parent)-\(flags)"], into: &context, using: Headers())
        let span = self.tracer.startSpan("s", context: context)
        var headers: [String: String] = [:]
        self.tracer.inject(span.context, into: &headers, using: Headers())
        span.end()
        let line = try #require(self.lines.first)
        let id = try #require(line["span_id"])
        #expect(line["trace_id"] == trace && line["parent_span_id"] == parent && id != parent)
        #expect(headers["traceparent"] == "00-\(trace)-\(id)-\(flags)")
        #expect(headers["X-Amzn-Trace-Id"] == "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=\(id);Sampled=\(flags == "01" ? "1" : "0")")
    }

    @Test("without a span nothing is handed on; a trace that begins here has the time in front, as X-Ray wants it")
    func first() throws {
        var headers: [String: String] = [:]
        self.tracer.inject(.topLevel, into: &headers, using: Headers())
        #expect(headers.isEmpty)
        let start = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 0x5759_e988 * 1_000_000_000)
        let span = self.tracer.startSpan("s", context: .topLevel, ofKind: .internal, at: start, function: "", file: "", line: 0)
        #expect(span.context.trace?.traceID.hasPrefix("5759e988") == true && span.context.trace?.isSampled == true)
    }
}
