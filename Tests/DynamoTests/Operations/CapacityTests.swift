import AWS
import CoreMetrics
import JSON
import Locked
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Dynamo

@Suite("Capacity", .timeLimit(.minutes(1)))
struct CapacityTests {
    private static func name(_ operation: String) -> String { "bedrock_sessions.dynamo.capacity_consumed operation=\(operation)" }

    @Test("what answers say they cost is summed by operation, for one table or several; nothing said is nothing")
    func summed() async throws {
        let meters = MetricsRecorder()
        let answers = Locked([
            #"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}}"#, #"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":2}}"#,
            "{}",
            #"{"Responses":{"t":[]},"UnprocessedKeys":{},"ConsumedCapacity":[{"CapacityUnits":1.5},{"CapacityUnits":1}]}"#,
            #"{"Attributes":{},"ConsumedCapacity":{"CapacityUnits":3.0}}"#,
        ])
        let bodies = Locked<[JSONValue]>([])
        let client = DynamoClient(
            transport: BodyTransport { _, body in
                bodies.withLock { $0.append((try? JSONValue(parsing: body)) ?? .null) }
                return .success(Array(answers.withLock { $0.removeFirst() }.utf8))
            }, countsCapacity: true, metrics: DynamoMetrics(factory: meters))
        let key = SessionKey.session(try SessionID("s-1"))
        for _ in 0..<3 { _ = try await client.getItem(table: "t", key: key, deadline: .seconds(9)) }
        _ = try await client.batchGetItem(table: "t", keys: [key], deadline: .seconds(9))
        var change = Expression()
        try change.set(change.path(["a"]), to: 1)
        _ = try await client.updateItem(table: "t", key: key, change, deadline: .seconds(9))
        #expect(meters.names == Set(["GetItem", "BatchGetItem", "UpdateItem"].map(Self.name)))
        #expect([meters[Self.name("GetItem")], meters[Self.name("BatchGetItem")], meters[Self.name("UpdateItem")]] == [2.5, 2.5, 3])
        #expect(bodies.withLock { $0.allSatisfy { $0["ReturnConsumedCapacity"] == "TOTAL" } })
    }

    @Test("a real server says what it took, and the sum is by operation", arguments: DynamoServer.kinds)
    func real(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let meters = MetricsRecorder()
            let store = try withMetricsFactory(meters) { try table.peer() }
            let id = SessionKey.session(try SessionID("s-1"))
            try await store.update(id, set: ["a": 1])
            for _ in 0..<3 { #expect(try await store.session(id) != nil) }
            _ = try await store.read(batch: [id, .session(try SessionID("s-2"))], as: .anonymous, consistency: .strong)
            // How much is the emulators' own reckoning, and of which operations they say it: ministack not of BatchGetItem, moto not of UpdateItem.
            #expect(meters[Self.name("GetItem")] > 0)
            #expect(meters[Self.name(kind == .moto ? "BatchGetItem" : "UpdateItem")] > 0)
            #expect(meters.names.allSatisfy { $0.hasPrefix("bedrock_sessions.dynamo.") && !$0.contains("s-1") })
        }
    }

    @Test("reads that share a request, leave with others or are asked twice are counted")
    func reads() async throws {
        let meters = MetricsRecorder()
        let held = Gate()
        let item = #"{"session_id":{"S":"session-1"},"data":{"M":{}},"version":{"N":"1"}}"#
        let transport = ScriptedTransport { operation in
            if operation == .getItem {
                await held.pass()
                return .success(Array(#"{"Item":\#(item)}"#.utf8))
            }
            return .success(Array(#"{"Responses":{"NFTBedrockSessions":[]},"UnprocessedKeys":{}}"#.utf8))
        }
        let store = try withMetricsFactory(meters) {
            try DynamoStore(
                client: DynamoClient(transport: transport), configuration: DynamoConfiguration(), clock: ManualClock(),
                logger: Logger(label: "test"))
        }
        let keys = try (1...3).map { SessionKey.session(try SessionID("session-\($0)")) }
        let first = Task { try await store.session(keys[0]) }
        try await held.waitForArrivals(1)
        // Four wait for the first: two of them for one key.
        let asked = [keys[0], keys[1], keys[1], keys[2]]
        let others = asked.map { key in Task { try await store.session(key) } }
        while store.reader.crowd.withLock({ $0.waiting }) < asked.count { await Task.yield() }
        held.open()
        #expect(try await first.value != nil)
        for other in others { _ = try await other.value }
        #expect(meters["bedrock_sessions.dynamo.reads_batched"] == 3)
        #expect(meters["bedrock_sessions.dynamo.reads_shared"] == 1)
    }

    @Test("attempts after the first are counted by their reason, and operations timed")
    func retries() async throws {
        let meters = MetricsRecorder()
        let metrics = DynamoMetrics(factory: meters)
        let failures: [(RetryMachine.Failure, String)] = [
            (.answered(status: 400, .throttling), "throttled"), (.answered(status: 500, .transient), "error"), (.lost, "lost"),
            (.notSent, "unsent"), (.skewed, "skewed"),
        ]
        for (failure, reason) in failures {
            metrics.retried(after: failure)
            #expect(meters["bedrock_sessions.dynamo.retries reason=\(reason)"] == 1)
        }
        metrics.retried(after: .local)
        #expect(meters.names.count == failures.count)
        for _ in 0..<2 {
            await #expect(throws: AWSError.self) {
                try await metrics.timing(.getItem) { () async throws(AWSError) -> Void in throw AWSError(.noCredentials, "none") }
            }
        }
        #expect(meters["bedrock_sessions.dynamo.request_duration operation=GetItem"] > 0)
    }

    @Test("told not to count, it does not ask")
    func off() async throws {
        let meters = MetricsRecorder()
        let client = DynamoClient(
            transport: BodyTransport { _, body in
                #expect((try? JSONValue(parsing: body))?["ReturnConsumedCapacity"] == nil)
                return .success(Array(#"{"ConsumedCapacity":{"CapacityUnits":1}}"#.utf8))
            }, countsCapacity: false, metrics: DynamoMetrics(factory: meters))
        _ = try await client.getItem(table: "t", key: .session(try SessionID("s-1")), deadline: .seconds(9))
        #expect(meters.names.isEmpty)
    }
}

/// Answers as the test says, to what was sent.
struct BodyTransport: DynamoTransport {
    let answer: @Sendable (DynamoOperation, [UInt8]) async -> Result<[UInt8], AWSError>

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        try await self.answer(operation, body).get()
    }
}
