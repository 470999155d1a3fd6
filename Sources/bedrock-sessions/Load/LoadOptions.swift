import ArgumentParser
import Load
import SessionStore
import Settings

/// What a load does, as a command line says it.
struct LoadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Sessions that the load knows.", valueName: "number"))
    var sessions = 10_000
    @Option(help: ArgumentHelp("The session of rank k is asked for 1/k^s times as often as the first. (default: 1.1)", valueName: "s"))
    var zipf: Double?
    @Flag(help: "Each session is asked for as often as any other.")
    var uniform = false
    @Option(help: ArgumentHelp("The share of reads.", valueName: "share"))
    var reads = 0.9
    @Option(help: ArgumentHelp("The share of writes.", valueName: "share"))
    var writes = 0.08
    @Option(help: ArgumentHelp("The share of deletions.", valueName: "share"))
    var deletes = 0.02
    @Option(help: ArgumentHelp("Bytes of text that a write stores beside a wallet address.", valueName: "number"))
    var valueBytes = 64
    @Option(help: ArgumentHelp("Operations under way at a time, over all workers.", valueName: "number"))
    var concurrency = 64
    @Option(
        help: ArgumentHelp(
            "An open loop: so many operations a second, whatever becomes of those before; latencies count from the intended start.",
            valueName: "number"))
    var rate: Double?
    @Option(help: ArgumentHelp("How long, such as 30s or 10m. (default: 30s)", valueName: "time"))
    var duration: String?
    @Option(help: ArgumentHelp("How many operations, instead of a time.", valueName: "number"))
    var count: Int?
    @Option(help: ArgumentHelp("How long before anything counts, such as 5s.", valueName: "time"))
    var warmUp = "0s"
    @Flag(inversion: .prefixedNo, help: "Write each session once before the load begins.")
    var fill = true
    @Flag(help: "Delete the load's sessions afterwards.")
    var clean = false
    @Option(help: ArgumentHelp("What sessions and operations are drawn from: the same seed draws the same.", valueName: "number"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Processes that make the load.", valueName: "number"))
    var workers = 1
    @Option(help: ArgumentHelp("What the ids of the load's sessions begin with: <text>.0, <text>.1, ...", valueName: "text"))
    var prefix = "load"
    @Option(
        help: ArgumentHelp(
            "How long after a write an older answer is allowed and only counted, for servers with near caches. (default: 0s)",
            valueName: "time"))
    var olderFor: String?

    func validate() throws {
        if self.zipf != nil, self.uniform { throw ValidationError("--zipf and --uniform exclude each other: give one of them") }
        if self.duration != nil, self.count != nil { throw ValidationError("--duration and --count exclude each other: give one of them") }
        let problems = try self.plan.problems(workers: self.workers)
        if !problems.isEmpty { throw ValidationError(problems.joined(separator: "; ")) }
    }

    /// The plan. Throws for a time that is none.
    var plan: LoadPlan {
        get throws {
            var plan = LoadPlan()
            plan.sessions = self.sessions
            plan.popularity = self.uniform ? .uniform : .zipf(exponent: self.zipf ?? 1.1)
            plan.mix = LoadPlan.Mix(reads: self.reads, writes: self.writes, deletes: self.deletes)
            plan.valueBytes = self.valueBytes
            plan.concurrency = self.concurrency
            plan.pacing = self.rate.map { .open(perSecond: $0) } ?? .closed
            plan.bound = try self.count.map { .operations($0) } ?? .duration(Self.time(self.duration ?? "30s", "--duration"))
            plan.warmUp = try Self.time(self.warmUp, "--warm-up")
            plan.fills = self.fill
            plan.seed = self.seed
            plan.prefix = self.prefix
            if let olderFor = self.olderFor { plan.lag = try Self.time(olderFor, "--older-for") }
            return plan
        }
    }

    /// The plan for a store of this process. Its near cache, if it has one, hears of what other processes write a little later, and of its own writes at once.
    func plan(for settings: Settings) throws -> LoadPlan {
        var plan = try self.plan
        plan.staleness = (settings.revalidateAfter ?? .seconds(60)) + .seconds(5)
        if self.olderFor == nil, self.workers > 1, settings.nearCacheEntries != nil { plan.lag = settings.nearCacheMaxAge ?? .seconds(1) }
        return plan
    }

    private static func time(_ text: String, _ option: String) throws -> Duration {
        guard let time = DurationText.parse(text) else {
            throw ValidationError("\(option) is a time with its unit, such as 500ms, 30s, 10m or 1h30m")
        }
        return time
    }
}
