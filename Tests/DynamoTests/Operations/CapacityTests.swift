import AWS
import CoreMetrics
import JSON
import Locked
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

@Suite("Capacity", .timeLimit(.minutes(1)))
struct CapacityTests {
    @Test("what answers say they cost is summed by operation, for one table or several; nothing said is nothing")
    func summed() async throws {
        let meters = Meters()
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
        #expect(meters.sums == ["GetItem": 2.5, "BatchGetItem": 2.5, "UpdateItem": 3])
        #expect(bodies.withLock { $0.allSatisfy { $0["ReturnConsumedCapacity"] == "TOTAL" } })
    }

    @Test("told not to count, it does not ask")
    func off() async throws {
        let meters = Meters()
        let client = DynamoClient(
            transport: BodyTransport { _, body in
                #expect((try? JSONValue(parsing: body))?["ReturnConsumedCapacity"] == nil)
                return .success(Array(#"{"ConsumedCapacity":{"CapacityUnits":1}}"#.utf8))
            }, countsCapacity: false, metrics: DynamoMetrics(factory: meters))
        _ = try await client.getItem(table: "t", key: .session(try SessionID("s-1")), deadline: .seconds(9))
        #expect(meters.sums.isEmpty)
    }
}

/// Answers as the test says, to what was sent.
struct BodyTransport: DynamoTransport {
    let answer: @Sendable (DynamoOperation, [UInt8]) async -> Result<[UInt8], AWSError>

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        try await self.answer(operation, body).get()
    }
}

/// Sums what counters are told, by their operation.
private final class Meters: MetricsFactory {
    private let state = Locked<[String: Double]>([:])

    var sums: [String: Double] { self.state.withLock { $0 } }

    private final class Handler: CounterHandler, FloatingPointCounterHandler, RecorderHandler, TimerHandler, MeterHandler {
        private let count: @Sendable (Double) -> Void

        init(_ count: @escaping @Sendable (Double) -> Void = { _ in }) {
            self.count = count
        }

        func increment(by amount: Double) { self.count(amount) }
        func increment(by amount: Int64) {}
        func decrement(by amount: Double) {}
        func set(_ value: Int64) {}
        func set(_ value: Double) {}
        func record(_ value: Int64) {}
        func record(_ value: Double) {}
        func recordNanoseconds(_ duration: Int64) {}
        func reset() {}
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        guard label == "bedrock_sessions.dynamo.capacity_consumed" else { return Handler() }
        let name = dimensions.first { $0.0 == "operation" }?.1 ?? ""
        return Handler { [state] amount in state.withLock { $0[name, default: 0] += amount } }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { Handler() }
    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { Handler() }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler { Handler() }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { Handler() }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
