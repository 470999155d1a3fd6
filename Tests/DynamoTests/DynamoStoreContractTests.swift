import Dynamo
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("DynamoStore on a real server", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), .timeLimit(.minutes(3)))
struct DynamoStoreContractTests {
    @Test("keeps the contract of a store", arguments: DynamoServer.kinds, FailedConditionStyle.allCases)
    func contract(kind: DynamoServer.Kind, style: FailedConditionStyle) async throws {
        let proxy = try FaultProxy(to: try await DynamoServer.running(kind).port)
        try await LiveTable.with(kind, style: style, through: proxy) { table in
            let clock = table.clock
            let subject = ContractSubject(
                table.store, peers: [try table.peer()], timeToLive: LiveTable.timeToLive, clock: clock, advance: { clock.advance(by: $0) },
                outage: { await proxy.set($0 ? .refuse : .none) })
            let report = try await SessionStoreContract.run { subject }
            #expect(report.leftOut.isEmpty)
        }
    }
}
