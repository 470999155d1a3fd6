import ChaosCampaign
import SessionStore
import TestSupport
import Testing

@Suite(
    "A minute of faults on real servers",
    .enabled(if: RedisServer.isExpected && DynamoServer.isAvailable, "redis-server and ministack are needed: `make test` installs them"),
    .timeLimit(.minutes(5)))
struct ChaosTests {
    @Test("no acknowledged write is lost and no read is older than the fault allows, whatever fails")
    func minute() async throws {
        let seed = UInt64.random(in: 1...999_999_999)
        let report = try await ChaosRun.run(ChaosPlan(seed: seed, time: .seconds(60)))
        print("seed \(seed)\n\(report.markdown)")
        for phase in report.phases {
            #expect(phase.lost == 0 && phase.stale == 0, "\(phase.name), seed \(seed): \(phase.violations.prefix(5))")
            #expect(phase.operations > 0 && phase.acknowledged > 0, "\(phase.name), seed \(seed)")
        }
        // Faults that never met anything would show nothing.
        for name in ["redis: refused", "redis: SIGKILL, restarted"] {
            #expect(report.phases.first { $0.name == name }.map { $0.pending > 0 } == true, "\(name) hindered no write")
        }
        #expect(report.phases.first { $0.name == "table: refused" }.map { $0.errors > 0 } == true)
        #expect(report.phases.first.map { $0.hits > 0 } == true)
    }
}
