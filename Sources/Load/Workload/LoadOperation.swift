/// One operation of a load.
package struct LoadOperation: Hashable, Sendable {
    /// The session's number, from 0.
    package var session: Int
    package var kind: Kind

    package enum Kind: Hashable, Sendable, CaseIterable {
        case read, write, delete
    }
}

/// Draws operations as a plan wants them: the same seed, the same operations.
package struct OperationSource: Sendable {
    private var random: SplitMix
    private let sessions: Int
    private let zipf: Zipf?
    private let reads: Double
    private let writes: Double

    /// The source of one of the tasks of this plan.
    package init(_ plan: LoadPlan, task: Int = 0) {
        self.random = SplitMix(seed: SplitMix.mix(plan.seed) &+ SplitMix.mix(UInt64(task)))
        self.sessions = plan.sessions
        if case .zipf(let exponent) = plan.popularity {
            self.zipf = Zipf(count: plan.sessions, exponent: exponent)
        } else {
            self.zipf = nil
        }
        let all = plan.mix.reads + plan.mix.writes + plan.mix.deletes
        self.reads = plan.mix.reads / all
        self.writes = self.reads + plan.mix.writes / all
    }

    /// The next one.
    package mutating func next() -> LoadOperation {
        let share = self.random.unit()
        let kind: LoadOperation.Kind = share < self.reads ? .read : share < self.writes ? .write : .delete
        let session: Int
        if let zipf = self.zipf {
            session = zipf.next { self.random.unit() } - 1
        } else {
            session = Int.random(in: 0..<self.sessions, using: &self.random)
        }
        return LoadOperation(session: session, kind: kind)
    }
}
