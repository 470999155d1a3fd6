import Foundation
internal import Locked

/// Many seeds, over several threads. Each seed is a world of its own: which thread plays it makes no difference.
package struct Campaign: Sendable {
    /// What came of it.
    package struct Report: Sendable {
        /// How many were played.
        package var seeds = 0
        /// Operations of all clients.
        package var operations = 0
        /// Seeds in which a promise was broken.
        package var failures: [UInt64] = []
        /// The rare branches reached.
        package var marks = Marks()
    }

    private struct State {
        var next: UInt64
        var report = Report()
        var running: Int
    }

    private let seeds: Range<UInt64>
    private let weakness: WeakRule?
    private let state: Locked<State>
    private let workers: Int
    private let end: Date?

    /// These seeds, and those after them as long as `seconds` are not over. It ends early after ten failures; with a weakness after the first.
    package init(seeds: Range<UInt64>, workers: Int, weakness: WeakRule? = nil, seconds: Int = 0) {
        self.seeds = seeds
        self.end = seconds > 0 ? Date(timeIntervalSinceNow: Double(seconds)) : nil
        self.workers = workers
        self.weakness = weakness
        self.state = Locked(State(next: seeds.lowerBound, running: workers))
    }

    /// What came of it so far.
    package var report: Report { self.state.withLock { $0.report } }

    /// Plays all seeds.
    package func run() async -> Report {
        await withCheckedContinuation { continuation in
            for _ in 0..<self.workers {
                let thread = Thread {
                    while self.playNext() {}
                    let isLast = self.state.withLock { state in
                        state.running -= 1
                        return state.running == 0
                    }
                    if isLast { continuation.resume() }
                }
                thread.stackSize = 4 << 20
                thread.start()
            }
        }
        return self.report
    }

    private func playNext() -> Bool {
        let limit = self.weakness == nil ? 10 : 1
        let seed = self.state.withLock { state -> UInt64? in
            let isInTime = self.end.map { Date() < $0 } ?? false
            guard isInTime || state.next < self.seeds.upperBound, state.report.failures.count < limit else { return nil }
            defer { state.next += 1 }
            return state.next
        }
        guard let seed else { return false }
        let run = Simulation(seed: seed, weakness: self.weakness)
        self.state.withLock { state in
            state.report.seeds += 1
            state.report.operations += run.operations
            state.report.marks.add(run.marks)
            if !run.holds { state.report.failures.append(seed) }
        }
        return true
    }
}
