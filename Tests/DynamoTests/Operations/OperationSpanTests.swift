import AWS
import EventLoop
import HTTP
import InMemoryTracing
import Locked
import Logging
import SessionStore
import SessionStoreTesting
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
        #expect(spans.first?.attributes.get("error.type") == "HTTP500")
    }

    @Test("a server that does not answer is a failure without a status")
    func lost() async throws {
        let spans = try await self.span { _ in .bytes("", .close) }
        var expected = Self.attributes
        expected["error.type"] = "lostAnswer"
        #expect(spans.map(\.attributes) == [expected])
    }

    @Test("a request that waited for another one's end is part of what its own first read is part of")
    func crowded() async throws {
        let tracer = InMemoryTracer()
        let held = Gate()
        let transport = ScriptedTransport { operation in
            let span = tracer.startSpan(operation.rawValue)
            if operation == .getItem { await held.pass() }
            span.end()
            return .success(Array((operation == .getItem ? "{}" : #"{"Responses":{"NFTBedrockSessions":[]},"UnprocessedKeys":{}}"#).utf8))
        }
        let store = try DynamoStore(
            client: DynamoClient(transport: transport), configuration: DynamoConfiguration(), clock: ManualClock(),
            logger: Logger(label: "test"))
        let keys = try (1...3).map { SessionKey.session(try SessionID("session-\($0)")) }
        func read(_ key: SessionKey, _ name: String) -> Task<Void, any Error> {
            Task { try await tracer.withSpan(name) { _ in _ = try await store.session(key) } }
        }
        let first = read(keys[0], "first")
        try await held.waitForArrivals(1)
        let second = read(keys[1], "second")
        while store.reader.crowd.withLock({ $0.waiting }) < 1 { await Task.yield() }
        let third = read(keys[2], "third")
        while store.reader.crowd.withLock({ $0.waiting }) < 2 { await Task.yield() }
        held.open()
        for task in [first, second, third] { try await task.value }
        let spans = Dictionary(uniqueKeysWithValues: tracer.finishedSpans.map { ($0.operationName, $0) })
        #expect(spans.count == 5 && spans["GetItem"]?.parentSpanID == spans["first"]?.spanID)
        #expect(spans["BatchGetItem"]?.parentSpanID == spans["second"]?.spanID)
        #expect(spans["BatchGetItem"]?.traceID == spans["second"]?.traceID)
    }
}
