import History
import SessionStore

/// A run of all phases against a redis-server and a DynamoDB of its own.
package enum ChaosRun {
    /// Of a phase's time, the part in which the fault holds; in the rest everything is to come back.
    private static let part = 0.65
    /// Of all time, what starting, waiting for the last answers and reading everything again is given.
    private static let overhead = 0.15

    /// Runs the plan. `report` hears of each phase as it ends. Throws when the servers cannot be started.
    package static func run(_ plan: ChaosPlan, report: (PhaseReport) -> Void = { _ in }) async throws -> ChaosReport {
        let world = try await ChaosWorld(plan)
        var result = ChaosReport(seed: plan.seed)
        do {
            for (number, phase) in ChaosPhase.all.enumerated() {
                let answer = try await Self.run(phase, number, world, plan)
                report(answer)
                result.phases.append(answer)
            }
        } catch {
            await world.close()
            throw error
        }
        await world.close()
        return result
    }

    private static func run(_ phase: ChaosPhase, _ number: Int, _ world: ChaosWorld, _ plan: ChaosPlan) async throws -> PhaseReport {
        let clock = SystemClock()
        let workload = try ChaosWorkload(phase: number, world, plan)
        try await workload.begin()
        let time = plan.time * (1 - Self.overhead) / ChaosPhase.all.count
        let began = clock.now
        async let running: Void = workload.run(seed: plan.seed &+ UInt64(number))
        var problem: (any Error)?
        do {
            try await phase.run(world, time * Self.part)
        } catch {
            problem = error
        }
        let restored = clock.now
        await world.pause(time * (1 - Self.part))
        workload.stop()
        await running
        if let problem { throw problem }
        let unread = await workload.audit()
        let history = workload.history
        let rules = Self.rules(phase, history, began: began, restored: restored, plan)
        return PhaseReport(phase.name, history, history.violations(rules), unread: unread, restored: restored)
    }

    /// What the table of faults in DESIGN section 3 allows, session by session.
    private static func rules(
        _ phase: ChaosPhase, _ history: History, began: Timestamp, restored: Timestamp, _ plan: ChaosPlan
    ) -> Rules {
        var rules = Rules()
        rules.guarantee = phase.guarantee
        rules.revalidateAfter = plan.revalidateAfter
        rules.clockTolerance = .milliseconds(500)
        switch phase.victim {
        case .table, .both: rules.outages = [began...(restored + .seconds(5))]
        // A busy machine is a slow table.
        case .nobody, .redis: rules.outages = nil
        }
        for operation in history.operations {
            if let weaker = Self.weakened(by: operation) {
                rules.exceptions[operation.key] = min(weaker, rules.guarantee(for: operation.key))
            }
        }
        return rules
    }

    /// What an operation shows of the faults that its session has met.
    private static func weakened(by operation: Operation) -> Rules.Guarantee? {
        guard operation.change != nil else { return nil }
        // The cache was not told: if Redis lost the intent as well, only time helps.
        if case .acknowledged(let result) = operation.outcome, result.cache == .pending { return .bounded }
        if case .failed(let error) = operation.outcome, error.code == .outcomeUnknown { return .acknowledged }
        // As long as a command of Redis may take: an intent may have missed it.
        guard let ended = operation.ended, ended.time - operation.began.time < .milliseconds(50) else { return .acknowledged }
        return nil
    }
}
