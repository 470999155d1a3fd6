import InMemoryTracing
import Spans
import Testing
import Tracing

@Suite("Recording spans", .timeLimit(.minutes(1)))
struct SpanRecorderTests {
    private enum Problem: Error {
        case broken
    }

    private let tracer = InMemoryTracer()

    @Test("without a tracer there is no recorder; with one in the task's scope there is")
    func off() throws {
        #expect(SpanRecorder() == nil && SpanRecorder(NoOpTracer()) == nil)
        let recorder = withTracer(self.tracer) { SpanRecorder() }
        #expect(recorder != nil)
    }

    @Test("spans within are children, also in tasks that are started there; what stands beside is not")
    func nested() async throws {
        let recorder = try #require(SpanRecorder(self.tracer))
        await recorder.record(.action) { _ in
            await recorder.record(.read) { _ in }
            await Task { await recorder.record(.load) { _ in } }.value
        }
        await recorder.record(.write) { _ in }
        let spans = Dictionary(uniqueKeysWithValues: self.tracer.finishedSpans.map { ($0.operationName, $0) })
        let action = try #require(spans["bedrock_sessions.action"])
        #expect(action.parentSpanID == nil)
        #expect(spans["bedrock_sessions.cache.read"]?.parentSpanID == action.spanID)
        #expect(spans["bedrock_sessions.cache.load"]?.parentSpanID == action.spanID)
        #expect(spans["bedrock_sessions.cache.write"]?.parentSpanID == nil)
        #expect(ServiceContext.current == nil && self.tracer.activeSpans.isEmpty)
    }

    @Test("a failure goes on as it is, and the span has its kind, not the error")
    func failure() async throws {
        let recorder = try #require(SpanRecorder(self.tracer))
        await #expect(throws: Problem.broken) {
            try await recorder.record(.dynamo("GetItem"), kindOfFailure: { (error: Problem) in "\(error)" }) {
                (span) async throws(Problem) -> Void in
                span.set(.httpStatus, 500)
                throw .broken
            }
        }
        let span = try #require(self.tracer.finishedSpans.first)
        #expect(span.operationName == "DynamoDB.GetItem" && span.kind == .client)
        #expect(span.attributes == ["http.response.status_code": 500, "error.type": "broken"])
        #expect(span.status == SpanStatus(code: .error) && span.errors.isEmpty)
    }

    @Test(
        "what comes over the network is told only if it is a word",
        arguments: ["", "two words", "a\nb", "ž", String(repeating: "a", count: 129)])
    func received(text: String) async throws {
        let recorder = try #require(SpanRecorder(self.tracer))
        await recorder.record(.read) { span in
            span.set(.awsRequestID, received: text)
            span.set(.awsRequestID, received: nil)
            span.fail(text)
        }
        await recorder.record(.read) { span in
            span.set(.awsRequestID, received: "UB0GQE7-k.1_x")
            span.fail("HTTP500")
        }
        #expect(
            self.tracer.finishedSpans.map(\.attributes) == [
                ["error.type": "other"], ["aws.request_id": "UB0GQE7-k.1_x", "error.type": "HTTP500"],
            ])
    }

    @Test("a name is a constant, an operation, a method, or a method with a route")
    func names() async throws {
        let recorder = try #require(SpanRecorder(self.tracer))
        await recorder.record(.request(method: "GET", route: nil)) { span in
            span.rename(.request(method: "GET", route: "/v1/sessions/{id}"))
        }
        await recorder.record(.upstream(method: "POST")) { _ in }
        #expect(self.tracer.finishedSpans.map(\.operationName) == ["GET /v1/sessions/{id}", "POST"])
        #expect(self.tracer.finishedSpans.map(\.kind) == [.server, .client])
        #expect(Set(SpanField.allCases.map(\.rawValue)).count == SpanField.allCases.count)
    }
}
