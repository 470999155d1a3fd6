import SessionStore

/// What a load does to a store: how many sessions, which of them how often, what with them, how fast, how long.
package struct LoadPlan: Hashable, Sendable {
    /// Sessions that the load knows, 1 or more.
    package var sessions = 10_000
    /// Which of them are asked for how often.
    package var popularity = Popularity.zipf(exponent: 1.1)
    /// What is done with them.
    package var mix = Mix()
    /// Bytes of text that a write stores in a session, beside a wallet address.
    package var valueBytes = 64
    /// When operations start.
    package var pacing = Pacing.closed
    /// Operations under way at a time, at most.
    package var concurrency = 64
    /// When it ends.
    package var bound = Bound.duration(.seconds(30))
    /// How long it goes before anything counts. What is read is verified meanwhile, too.
    package var warmUp = Duration.zero
    /// Whether each session is written once before the load begins.
    package var fills = true
    /// What sessions and operations are drawn from: the same seed draws the same.
    package var seed: UInt64 = 1
    /// What the ids of its sessions begin with.
    package var prefix = "load"
    /// How long after any write others may read what was before: nothing, unless a near cache hears of changes by invalidations.
    package var lag = Duration.zero
    /// How long after a write that the cache could not be told of others may do so (`CacheConfiguration.revalidateAfter`, and what clocks differ by).
    package var staleness = Duration.seconds(65)

    /// How popular sessions are.
    package enum Popularity: Hashable, Sendable {
        /// The session of rank k is asked for 1/k^exponent times as often as the first.
        case zipf(exponent: Double)
        /// Each as often as any other.
        case uniform
    }

    /// When an operation starts.
    package enum Pacing: Hashable, Sendable {
        /// When another has ended: a closed loop. A slow answer delays what comes after it, and nobody counts that.
        case closed
        /// So many a second, whatever becomes of those before: an open loop. Latencies count from the intended start, so that waiting for a slow
        /// store is part of them.
        case open(perSecond: Double)
    }

    /// When the load ends, not counting its warm-up.
    package enum Bound: Hashable, Sendable {
        case duration(Duration)
        case operations(Int)
    }

    /// Shares of reads, writes and deletions; their sum is what counts as all.
    package struct Mix: Hashable, Sendable {
        package var reads = 0.9
        package var writes = 0.08
        package var deletes = 0.02

        package init(reads: Double = 0.9, writes: Double = 0.08, deletes: Double = 0.02) {
            (self.reads, self.writes, self.deletes) = (reads, writes, deletes)
        }
    }

    package init() {}

    /// The part of this load that the process of that number, of so many, does: its share of the operations under way and of the rate, and a seed of its own.
    package func share(_ number: Int, of workers: Int) -> LoadPlan {
        var plan = self
        plan.concurrency = Self.part(self.concurrency, number, workers)
        plan.seed = self.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        if case .open(let rate) = self.pacing { plan.pacing = .open(perSecond: rate / Double(workers)) }
        if case .operations(let count) = self.bound { plan.bound = .operations(Self.part(count, number, workers)) }
        return plan
    }

    private static func part(_ whole: Int, _ number: Int, _ workers: Int) -> Int {
        whole / workers + (number < whole % workers ? 1 : 0)
    }

    /// What is wrong with it, a sentence each; none: it can be done.
    package func problems(workers: Int = 1) -> [String] {
        var problems: [String] = []
        func require(_ isRight: Bool, _ sentence: String) {
            if !isRight { problems.append(sentence) }
        }
        require((1...64).contains(workers), "--workers is a number from 1 to 64")
        require((1...10_000_000).contains(self.sessions), "--sessions is a number from 1 to 10000000")
        require(
            (workers...65_536).contains(self.concurrency), "--concurrency is a number from 1 to 65536, and one for each worker at least")
        require((0...350_000).contains(self.valueBytes), "--value-bytes is a number from 0 to 350000: an item holds 400 KB")
        let shares = [self.mix.reads, self.mix.writes, self.mix.deletes]
        require(
            shares.allSatisfy { $0 >= 0 && $0.isFinite } && shares.reduce(0, +) > 0,
            "--reads, --writes and --deletes are shares such as 0.9, 0.08 and 0.02, not all of them zero")
        if case .zipf(let exponent) = self.popularity {
            require(exponent > 0 && exponent <= 10, "--zipf is a number above 0, at most 10")
        }
        if case .open(let rate) = self.pacing {
            require(rate >= Double(workers) * 0.1 && rate <= 10_000_000, "--rate is a number of operations a second from 0.1 to 10000000")
        }
        switch self.bound {
        case .duration(let duration):
            require(
                duration > .zero && duration <= .seconds(86_400), "--duration is a time above nothing such as 30s or 10m, a day at most")
        case .operations(let count):
            require((workers...1_000_000_000).contains(count), "--count is a number from 1 to 1000000000")
        }
        require(self.warmUp >= .zero && self.warmUp <= .seconds(3600), "--warm-up is a time such as 5s, an hour at most")
        let name = try? SessionID("\(self.prefix).\(self.sessions)")
        require(
            name != nil && self.prefix.utf8.count <= 64, "--prefix has 1 to 64 of the characters 0-9 a-z A-Z . _ : -")
        return problems
    }
}
