import EventLoop
import InMemoryTracing
import Instrumentation
import JSON
import Locked
import Logging
import Observability
import SessionStore
import TestSupport
import Testing
import Tracing

@testable import Adapter
@testable import Wiring

@Suite("The trace of a call to an API", .timeLimit(.minutes(1)))
struct UpstreamSpanTests {
    private static func request(_ path: String, headers: [UpstreamRequest.Header] = []) -> UpstreamRequest {
        UpstreamRequest(method: .get, path: path, headers: headers)
    }

    /// Calls within a span called `outer` of a process with `tracer`; nil: of one without.
    private func call(
        _ tracer: (any Tracer)?, _ requests: [UpstreamRequest], _ reply: @escaping @Sendable (HTTPLoopback.Request) -> HTTPLoopback.Reply
    ) async throws -> [HTTPLoopback.Request] {
        let server = try HTTPLoopback(reply)
        let loop = try UVLoop()
        let address = try UpstreamAddress(server.url)
        let key = try UpstreamKey(name: "X-Api-Key", value: "key-of-the-test")
        func send(_ upstream: HTTPUpstream) async {
            for request in requests { _ = try? await upstream.send(request, deadline: .seconds(20)) }
        }
        if let tracer {
            await withTracer(tracer) {
                let upstream = HTTPUpstream(address, key: key, runtimeAPI: nil, loop: loop)
                let span = tracer.startSpan("outer")
                await ServiceContext.withValue(span.context) { await send(upstream) }
                span.end()
                await upstream.close()
            }
        } else {
            let upstream = HTTPUpstream(address, key: key, runtimeAPI: nil, loop: loop)
            await send(upstream)
            await upstream.close()
        }
        await loop.shutdown()
        return server.requests
    }

    @Test("it is a client's span with method, host and status, and no path; a refusal and a lost answer are failures")
    func spans() async throws {
        let tracer = InMemoryTracer()
        let paths = ["/good/0xsecret", "/refused", "/broken"]
        _ = try await self.call(tracer, paths.map { Self.request($0) }) { request in
            switch request.target {
            case "/refused": .answer(409)
            case "/broken": .bytes("", .close)
            default: .answer(200)
            }
        }
        let spans = tracer.finishedSpans
        try #require(spans.map(\.operationName) == ["GET", "GET", "GET", "outer"])
        #expect(spans.dropLast().allSatisfy { $0.kind == .client && $0.parentSpanID == spans[3].spanID })
        let common: SpanAttributes = ["http.request.method": "GET", "server.address": "127.0.0.1"]
        var (good, refused, broken) = (common, common, common)
        good["http.response.status_code"] = 200
        refused["http.response.status_code"] = 409
        refused["error.type"] = "409"
        broken["error.type"] = spans[2].attributes["error.type"]
        #expect(spans.dropLast().map(\.attributes) == [good, refused, broken])
        #expect(spans[2].attributes.get("error.type") != nil && spans.map { $0.status?.code } == [nil, .error, .error, nil])
    }

    @Test("the API is handed the trace under both names, whatever a parameter of that name said; the key stays the last word")
    func propagation() async throws {
        let lines = Locked<[Logger.Metadata]>([])
        let tracer = LogTracer(Logger(label: "trace") { _ in Kept(lines: lines) })
        let made = UpstreamRequest.Header(name: "traceparent", value: "made up")
        let requests = try await self.call(tracer, [Self.request("/", headers: [made])]) { _ in .answer(200) }
        let request = try #require(requests.first)
        let span = try #require(lines.withLock { $0.first { $0["name"] == "GET" } })
        let (trace, id) = (try #require(span["trace_id"]?.description), try #require(span["span_id"]?.description))
        #expect(request["traceparent"] == "00-\(trace)-\(id)-01")
        #expect(request.headers.filter { $0.name == "traceparent" }.count == 1)
        #expect(request["x-amzn-trace-id"] == "Root=1-\(trace.prefix(8))-\(trace.dropFirst(8));Parent=\(id);Sampled=1")
        #expect(request["x-api-key"] == "key-of-the-test")
    }

    @Test("without a tracer nothing is handed on")
    func off() async throws {
        let requests = try await self.call(nil, [Self.request("/")]) { _ in .answer(200) }
        #expect(requests.count == 1 && requests.allSatisfy { $0["traceparent"] == nil && $0["x-amzn-trace-id"] == nil })
    }
}

/// Keeps the metadata of lines.
private struct Kept: LogHandler {
    let lines: Locked<[Logger.Metadata]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        self.lines.withLock { $0.append(event.metadata ?? [:]) }
    }
}
