import AWS
import EventLoop
import HTTP
import InMemoryTracing
import SessionStore
import TestSupport
import Testing
import Tracing

@testable import Dynamo

@Suite("Spans of DynamoDB's operations", .timeLimit(.minutes(1)))
struct OperationSpanTests {
    private static let attributes: SpanAttributes = ["db.system.name": "aws.dynamodb", "db.operation.name": "GetItem"]

    /// What one GetItem is told as, answered by `reply`.
    private func span(_ reply: @escaping @Sendable (HTTPLoopback.Request) -> HTTPLoopback.Reply) async throws -> [FinishedInMemorySpan] {
        let tracer = InMemoryTracer()
        let server = try HTTPLoopback(reply)
        let environment = Environment([
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_DYNAMODB": server.url, "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_MAX_ATTEMPTS": "2",
        ])
        let loop = try UVLoop()
        let store = try withTracer(tracer) {
            try DynamoStore(
                loop: loop, configuration: DynamoConfiguration(table: "sessions"), environment: environment, clock: SystemClock())
        }
        _ = try? await store.session(.session(try SessionID("session-1")))
        await store.close()
        await loop.shutdown()
        #expect(tracer.activeSpans.isEmpty)
        return tracer.finishedSpans
    }

    @Test("system, operation, status and AWS's request id, by the names of OpenTelemetry's conventions")
    func answered() async throws {
        let spans = try await self.span { _ in .answer(200, [("x-amzn-RequestId", "UB0GQE7K")], "{}") }
        var expected = Self.attributes
        expected["http.response.status_code"] = 200
        expected["aws.request_id"] = "UB0GQE7K"
        #expect(spans.map(\.operationName) == ["DynamoDB.GetItem"] && spans.first?.kind == .client)
        #expect(spans.map(\.attributes) == [expected] && spans.first?.status == nil)
    }

    @Test("an error is told by the service's code; all attempts are one span; what a server makes up for ids and codes is not told")
    func failed() async throws {
        var spans = try await self.span { _ in
            .answer(400, [("x-amzn-RequestId", "R-1")], #"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}"#)
        }
        var expected = Self.attributes
        expected["http.response.status_code"] = 400
        expected["aws.request_id"] = "R-1"
        expected["error.type"] = "ResourceNotFoundException"
        #expect(spans.map(\.attributes) == [expected] && spans.first?.status?.code == .error)
        spans = try await self.span { _ in .answer(500, [("x-amzn-RequestId", "session-1 of ada")], #"{"__type":"x#y session-1"}"#) }
        #expect(spans.count == 1 && spans.first?.attributes.get("aws.request_id") == nil)
        #expect(spans.first?.attributes.get("error.type") == "other")
    }

    @Test("a server that does not answer is a failure without a status")
    func lost() async throws {
        let spans = try await self.span { _ in .bytes("", .close) }
        var expected = Self.attributes
        expected["error.type"] = "lostAnswer"
        #expect(spans.map(\.attributes) == [expected])
    }
}
