/// What one run does.
package struct ChaosPlan: Sendable {
    /// Where the randomness of the workload comes from. The servers and the scheduler have their own: a seed repeats the questions, not the run.
    package var seed: UInt64
    /// About how long it takes in all.
    package var time: Duration
    /// How many tasks read and write at a time.
    package var tasks = 64
    /// How many processes they stand for: caches with connections and clocks of their own over the same servers.
    package var processes = 4
    /// How many sessions each phase has.
    package var sessions = 48
    /// The bound on staleness where versions cannot decide; short, so that a phase outlasts it.
    package var revalidateAfter: Duration = .seconds(1)

    /// A plan of that length.
    package init(seed: UInt64, time: Duration) {
        self.seed = seed
        self.time = time
    }
}
