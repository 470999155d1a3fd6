import History
import Simulation
import TestSupport
import Testing

/// A few seeds in a debug build, on every run of the tests; `make simulate` plays many.
@Suite("deterministic simulation", .timeLimit(.minutes(10)))
struct CampaignTests {
    @Test("every promise holds in a few hundred worlds")
    func seeds() async {
        let report = await Campaign(seeds: 1..<301, workers: 2).run()
        for seed in report.failures { Issue.record("replay it with: make simulate SEED=\(seed)") }
        #expect(report.operations > 3000)
        #expect(report.marks.missing.count < Mark.allCases.count / 3, "never reached: \(report.marks.missing)")
    }

    @Test("a seed is the same history in every process", arguments: [8, 200, 4711])
    func replay(seed: Int) async throws {
        let first = try await Self.history(seed)
        let second = try await Self.history(seed)
        #expect(first == second)
        #expect(first.contains("digest"))
        #expect(first.split(separator: "\n").count > 20)
    }

    private static func history(_ seed: Int) async throws -> String {
        let process = try ChildProcess([TestEnvironment.product("simulate"), "--seed", "\(seed)"])
        let text = await process.restOfOutput()
        #expect(await process.ended() == .exit(code: 0))
        return text
    }

    /// Those that are caught within a few dozen seeds; `make simulate` catches all of them.
    @Test("weaker protocols are caught", arguments: [WeakRule.lastPublishWins, .joinAnyFlight, .versionsOnly])
    func weaknesses(weakness: WeakRule) async {
        let report = await Campaign(seeds: 1..<1000, workers: 2, weakness: weakness).run()
        #expect(!report.failures.isEmpty)
    }

    @Test(
        "what catches a weaker protocol in a world made for it is the weakness, not the world",
        arguments: [WeakRule.unmarkedPruning, .keepOvertaken])
    func scenes(scene: WeakRule) {
        for seed: UInt64 in 1..<400 {
            let run = Simulation(seed: seed, scene: scene)
            #expect(run.holds, "seed \(seed): \(run.violations)")
        }
    }
}
