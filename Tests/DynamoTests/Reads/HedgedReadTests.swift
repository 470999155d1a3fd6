import AWS
import CoreMetrics
import Locked
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Dynamo

@Suite("Second requests for slow reads, sent", .timeLimit(.minutes(1)))
struct HedgedReadTests {
    private let key: SessionKey
    private let clock = ManualClock()

    init() throws {
        self.key = .session(try SessionID("session-1"))
    }

    /// A store that has seen answers after 10 ms, with a budget for second requests.
    private func store(_ transport: any DynamoTransport) throws -> DynamoStore {
        let store = try DynamoStore(
            client: DynamoClient(transport: transport), configuration: DynamoConfiguration(hedgesReads: true), clock: self.clock,
            logger: Logger(label: "test"))
        store.reader.hedging.withLock { budget in
            for _ in 0..<32 { budget.answered(after: .milliseconds(10)) }
            for _ in 0..<60 { _ = budget.readBegan() }
        }
        return store
    }

    private static let answer = Array(#"{"Item":{"session_id":{"S":"session-1"},"data":{"M":{}},"version":{"N":"1"}}}"#.utf8)

    @Test("a read that takes longer than most did is asked again, which is counted, and the first answer counts")
    func slow() async throws {
        let count = Observed(0)
        let held = Gate()
        let meters = MetricsRecorder()
        let transport = ScriptedTransport { _ in
            if count.change({
                $0 += 1; return $0
            }) == 1 {
                await held.pass()
            }
            return .success(Self.answer)
        }
        let store = try withMetricsFactory(meters) { try self.store(transport) }
        let read = Task { try await store.session(self.key) }
        try await held.waitForArrivals(1)
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .milliseconds(9))
        #expect(count.value == 1)
        self.clock.advance(by: .milliseconds(1))
        #expect(try await read.value != nil)
        #expect(count.value == 2)
        #expect(meters["bedrock_sessions.dynamo.hedges"] == 1)
    }

    @Test("a quick answer costs no second request, nor does an error")
    func quick() async throws {
        let count = Locked(0)
        let store = try self.store(
            ScriptedTransport { _ in
                let number = count.withLock {
                    $0 += 1
                    return $0
                }
                return number == 1 ? .success(Self.answer) : .failure(AWSError(.lostAnswer, "lost", outcome: .unknown))
            })
        #expect(try await store.session(self.key) != nil)
        await #expect(throws: SessionStoreError.self) { try await store.session(self.key) }
        #expect(count.withLock { $0 } == 2)
        #expect(self.clock.sleeperCount == 0)
    }

    @Test("off unless asked for")
    func off() async throws {
        #expect(!DynamoConfiguration().hedgesReads)
    }
}
