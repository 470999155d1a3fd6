import AWS
import Dynamo
import EventLoop
import JSON
import Logging
import SessionStore
import TestSupport
import Testing

/// The store against a table that answers as told, over real connections.
@Suite("The table over a bad network", .timeLimit(.minutes(1)))
struct DynamoNetworkTests {
    private let key: SessionKey
    private let write: SessionWrite

    init() throws {
        self.key = .session(try SessionID("session-1"))
        self.write = SessionWrite(self.key, .update(set: ["a": 1], remove: []))
    }

    private func with(
        _ endpoint: String, clock: SystemClock = SystemClock(), deadline: Duration = .seconds(30),
        _ body: (DynamoStore) async throws -> Void
    ) async throws {
        let loop = try UVLoop(name: "dynamo-test")
        let configuration = DynamoConfiguration(
            region: "us-east-1", endpoint: endpoint, readDeadline: deadline, attemptDeadline: deadline, writeBudget: deadline * 4)
        do {
            let store = try DynamoStore(
                loop: loop, configuration: configuration, credentials: AWSCredentials(accessKeyID: "id", secretAccessKey: "secret"),
                environment: Environment([:]), clock: clock, logger: Logger(label: "test"))
            try await body(store)
            await store.close()
            await loop.shutdown()
        } catch {
            await loop.shutdown()
            throw error
        }
    }

    private func code(_ body: () async throws(SessionStoreError) -> Void) async -> SessionStoreError.Code? {
        do throws(SessionStoreError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    private func expect(
        _ endpoint: String, read: SessionStoreError.Code, write: SessionStoreError.Code, deadline: Duration = .seconds(30)
    ) async throws {
        try await self.with(endpoint, deadline: deadline) { store in
            #expect(await self.code { () throws(SessionStoreError) in _ = try await store.session(self.key) } == read)
            #expect(await self.code { () throws(SessionStoreError) in _ = try await store.write(self.write) } == write)
        }
    }

    @Test("nobody listens: unavailable, and nothing was kept")
    func refused() async throws {
        try await self.expect("http://127.0.0.1:\(try freePort())", read: .unavailable, write: .unavailable)
    }

    @Test("a table that never answers: a read is late, a write unknown")
    func silent() async throws {
        let table = try HTTPLoopback { _ in .silence }
        try await self.expect(table.url, read: .deadlineExceeded, write: .outcomeUnknown, deadline: .seconds(3))
    }

    @Test("answers cut off in their middle: an error for a read, unknown for a write")
    func cutOff() async throws {
        let table = try HTTPLoopback { _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"Item\":{", .close) }
        try await self.expect(table.url, read: .unavailable, write: .outcomeUnknown)
    }

    @Test("an internal error that stays: unavailable for a read, unknown for a write, which is sent once")
    func internalError() async throws {
        let table = try HTTPLoopback { request in
            .answer(
                500, [("Content-Type", "application/x-amz-json-1.0")], #"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}"#
            )
        }
        try await self.expect(table.url, read: .unavailable, write: .outcomeUnknown)
        #expect(table.requests.filter { $0["x-amz-target"] == "DynamoDB_20120810.UpdateItem" }.count == 1)
    }

    @Test("throttling that stays: throttled for both, because nothing was kept")
    func throttled() async throws {
        let table = try HTTPLoopback { _ in
            .answer(400, [], #"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#)
        }
        try await self.expect(table.url, read: .throttled, write: .throttled)
    }

    @Test("a cancelled read ends at once, a cancelled write that was sent is unknown")
    func cancelled() async throws {
        let table = try HTTPLoopback { _ in .silence }
        try await self.with(table.url) { store in
            let read = Task { await self.code { () throws(SessionStoreError) in _ = try await store.session(self.key) } }
            try await table.received(1)
            read.cancel()
            #expect(await read.value == .cancelled)
            let write = Task { await self.code { () throws(SessionStoreError) in _ = try await store.write(self.write) } }
            try await table.received(2)
            write.cancel()
            #expect(await write.value == .outcomeUnknown)
        }
    }

    @Test("the time comes from the table's answers: a wrong local clock neither ends nor revives a session")
    func serverTime() async throws {
        // 2100-01-01T00:00:00Z: whatever the local clock says, it is far off.
        let serverSeconds: Int64 = 4_102_444_800
        let table = try HTTPLoopback { _ in
            let item = #"{"Item":{"session_id":{"S":"session-1"},"data":{"M":{}},"expiration":{"N":"\#(serverSeconds - 60)"}}}"#
            return .answer(200, [("Date", "Fri, 01 Jan 2100 00:00:00 GMT")], item)
        }
        let clock = SystemClock()
        try await self.with(table.url, clock: clock) { store in
            // By the local clock it would live for decades.
            let session = try await store.session(self.key)
            #expect(session == nil)
            #expect(abs(clock.now.seconds - serverSeconds) < 30)
        }
    }

    @Test("requests are signed, name their operation, and read consistently")
    func requests() async throws {
        let table = try HTTPLoopback { _ in .answer(200, [], "{}") }
        try await self.with(table.url) { store in
            _ = try await store.session(self.key)
        }
        let request = try #require(table.requests.first)
        #expect(request.method == "POST" && request.target == "/")
        #expect(request["x-amz-target"] == "DynamoDB_20120810.GetItem")
        #expect(request["content-type"] == "application/x-amz-json-1.0")
        #expect(request["authorization"]?.contains("/us-east-1/dynamodb/aws4_request") == true)
        #expect(
            try JSONValue(parsing: request.body)
                == [
                    "TableName": "NFTBedrockSessions", "Key": ["session_id": ["S": "session-1"]], "ConsistentRead": true,
                    "ReturnConsumedCapacity": "TOTAL",
                ])
    }
}
