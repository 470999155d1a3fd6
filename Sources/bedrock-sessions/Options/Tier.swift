import ArgumentParser

/// Where a session can be looked at.
enum Tier: String, CaseIterable, ExpressibleByArgument {
    /// The copy in Redis, and nothing else.
    case cache
    /// The source of truth, past the cache.
    case table
}

/// Which tier a command looks at.
struct TierOptions: ParsableArguments {
    @Option(help: "Look at one tier only: cache (the copy in Redis; needs --redis) or table (the source of truth, past the cache).")
    var tier: Tier?
}
