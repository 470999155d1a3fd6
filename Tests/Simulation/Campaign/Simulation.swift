package import History
internal import SessionStore

/// One seed, played and judged.
package struct Simulation: Sendable {
    /// The seed.
    package let seed: UInt64
    /// What broke; empty when nothing did.
    package let violations: [Violation]
    /// The rare branches that it reached.
    package let marks: Marks
    /// How many operations it had.
    package let operations: Int
    /// Jobs and timers that ran.
    package let steps: Int
    /// Of the whole history: the same seed has the same.
    package let digest: UInt64
    /// Whether it came to rest.
    package let isOver: Bool
    private let world: World

    /// Plays a seed on the calling thread, and judges it. `weakness` is a simplification that the protocol is to have, `scene` the one that the world's
    /// troubles are to bring out (the same unless named), `keepsDigest` whether the history is to be digested.
    package init(seed: UInt64, weakness: WeakRule? = nil, scene: WeakRule? = nil, keepsDigest: Bool = false) {
        let world = World(seed: seed, weakness: weakness, scene: scene ?? weakness)
        let outside = ProcessExecutor(world.scheduler, process: 0)
        Task.detached(executorPreference: outside) {
            do throws(SessionStoreError) {
                try await world.play(outside: outside)
            } catch {
                world.history.note("the world could not be made: \(error)")
            }
        }
        self.isOver = world.scheduler.run(limit: 500_000)
        self.seed = seed
        self.world = world
        self.violations = world.history.violations(world.rules)
        self.marks = world.marks
        self.operations = world.history.operations.count
        self.steps = world.scheduler.steps
        self.digest = keepsDigest ? world.history.digest(from: Scheduler.start) : 0
        world.end()
    }

    /// What happened, for a person.
    package var text: String {
        let lines = self.violations.map { "violated: \($0)" } + (self.isOver ? [] : ["violated: it never came to rest"])
        return (["seed \(self.seed)", "\(self.world.profile)", "promised: \(self.world.promises)"] + lines).joined(separator: "\n") + "\n"
            + self.world.history.text(from: Scheduler.start)
    }

    /// Whether everything that was promised held.
    package var holds: Bool { self.isOver && self.violations.isEmpty }
}

extension World {
    fileprivate var promises: String {
        let rules = self.rules
        return self.keys.map { "\($0.rawValue) \(rules.guarantee(for: $0))" }.joined(separator: ", ")
    }
}
