/// A job of Swift's runtime, and how it has to run.
struct ReadyJob {
    let job: UnownedJob
    /// Runs isolated to the loop, as its serial executor.
    let isOfActor: Bool
}
