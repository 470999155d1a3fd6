public import SessionStore

/// How a `CacheStore` keeps its entries. Every duration has the default of DESIGN section 3; `problems` says what does not fit together.
public struct CacheConfiguration: Hashable, Sendable {
    /// The second part of every key: the table's name, or another name for what lies behind. 1 to 255 of `0-9 a-z A-Z . _ -`.
    public var table: String
    /// Where the table is, such as an AWS region: entries sealed for one region do not open in another. At most 255 bytes; empty where there is none.
    public var region = ""
    /// The keys under which entries are sealed in Redis; nil: they lie there open, and sealed ones are misses.
    public var seal: SealKeys?
    /// The age at which an entry is checked against the table before it answers. Bounds staleness where versions cannot.
    public var revalidateAfter: Duration = .seconds(60)
    /// The largest entry before it is sealed, in bytes; a larger session is read from the table each time.
    public var maximumEntrySize = 64 * 1024
    /// How many reads of one batch are under way at a time.
    public var batchConcurrency = 128
    /// Who renews entries before they have to be checked.
    public var refresh = Refresh.background
    /// The age from which an entry is renewed in the background; nil: half of `revalidateAfter`.
    public var refreshAfter: Duration?
    /// What a write does when the cache cannot be told that it comes.
    public var writePolicy = WritePolicy.available
    /// Keeps recently read sessions in the memory of this process as well; nil: it does not.
    public var nearCache: NearCache?
    /// How long the states of a key last.
    public var times = Times()
    /// What a read may take.
    public var reads = Reads()
    /// What a write may take.
    public var writes = Writes()

    /// When Redis is left alone. A short interval costs little, one read in as much time, and finds a Redis that has returned soon.
    public var cacheBreaker = Breaker(failures: 3, interval: .milliseconds(500))
    /// When the table is left alone by reads: the first failure of many is worth a longer look than the cache's.
    public var tableBreaker = Breaker(failures: 5, interval: .seconds(1))
    /// The writes that the cache is told of late.
    public var replays = Replays()

    /// Who renews entries before they have to be checked.
    public enum Refresh: Hashable, Sendable {
        /// An entry older than `refreshAfter` answers, and is renewed behind the answer.
        case background
        /// Nothing goes on behind an answer: an entry answers until `revalidateAfter`, and is then checked within the read that finds it. For a process
        /// that is frozen as soon as it has answered, such as a Lambda.
        case inline
    }

    /// What a write does when the cache cannot be told that it comes.
    public enum WritePolicy: Hashable, Sendable {
        /// It writes. Where the cache cannot be told afterwards either, others may read the previous version for at most `revalidateAfter`.
        case available
        /// It throws `.unavailable` before the table is touched.
        case consistent
    }

    /// Recently read sessions in the memory of this process, which Redis tells of every change of a key (client tracking).
    ///
    /// A read that finds its session there does not ask Redis. Own writes are seen at once; those of other processes as soon as Redis has told of
    /// them, and `maxAge` after them at the latest, whatever befalls Redis or the network (docs/COHERENCE.md). It is empty and off while Redis cannot
    /// tell, and stays off where Redis refuses to, or is a cluster.
    public struct NearCache: Hashable, Sendable {
        /// How many sessions are kept at most; eight at least. A session takes about 300 bytes and its fields.
        public var entries: Int
        /// How long a session answers after it was read from Redis.
        public var maxAge: Duration

        /// A near cache of this size.
        public init(entries: Int = 10_000, maxAge: Duration = .seconds(1)) {
            self.entries = entries
            self.maxAge = maxAge
        }
    }

    /// What a read may take.
    public struct Reads: Hashable, Sendable {
        /// Cache and table together; then `.deadlineExceeded`. The cache's part is the command timeout of the Redis client.
        public var budget: Duration = .seconds(5)
        /// How many entries are renewed in the background at a time; more are left for later.
        public var maximumRefreshes = 64

        /// The defaults.
        public init() {}
    }

    /// When a tier that fails is left alone.
    public struct Breaker: Hashable, Sendable {
        /// So many failures in a row open it.
        public var failures: Int
        /// While it is open, one call in this time asks whether the tier answers again; the others do without it.
        public var interval: Duration

        /// A breaker with these limits.
        public init(failures: Int, interval: Duration) {
            self.failures = failures
            self.interval = interval
        }
    }

    /// The writes that the cache is told of late. A key waits for `revalidateAfter` and 5 s at most: then every older entry is checked anyway.
    public struct Replays: Hashable, Sendable {
        /// How many keys wait at most; beyond, the oldest makes room.
        public var limit = 10_000
        /// How often they are tried while no other command says that Redis answers again.
        public var interval: Duration = .seconds(1)

        /// The defaults.
        public init() {}
    }

    /// How long the states of a key last. A live entry ends with its item.
    public struct Times: Hashable, Sendable {
        /// An absent entry: how long "no such session" is believed.
        public var negative: Duration = .seconds(5)
        /// A tombstone: at most an hour.
        public var tombstone: Duration = .seconds(3600)
        /// A lease: a reader that died blocks fills this long.
        public var lease: Duration = .seconds(3)
        /// An intent: a writer that died keeps readers at the table this long.
        public var intent: Duration = .seconds(15)

        /// The defaults.
        public init() {}
    }

    /// What a write may take.
    public struct Writes: Hashable, Sendable {
        /// All attempts at table and cache together.
        public var budget: Duration = .seconds(5)
        /// Attempts to tell the cache of a write.
        public var publishAttempts = 4
        /// The pause before the second attempt; each following is four times as long.
        public var publishPause: Duration = .milliseconds(10)

        /// The defaults.
        public init() {}
    }

    /// The defaults for this table.
    public init(table: String) {
        self.table = table
    }

    /// Every way in which this cannot work, each a sentence; empty when it can.
    public var problems: [String] {
        var problems: [String] = []
        if !(1...255).contains(self.table.utf8.count) || !self.table.utf8.allSatisfy(Self.allows) {
            problems.append("table: give the cache's table 1 to 255 of the characters 0-9 a-z A-Z . _ -")
        }
        if self.region.utf8.count > 255 {
            problems.append("region: give at most 255 bytes")
        }
        for (name, time, limit) in self.durations where time < .milliseconds(1) || time > limit {
            problems.append("\(name): give a time from 1 ms to \(limit.components.seconds) s")
        }
        if self.times.intent < self.writes.budget * 2 {
            problems.append("times.intent: give at least twice writes.budget, or a slow write outlives its intent")
        }
        if !(64...1 << 20).contains(self.maximumEntrySize) {
            problems.append("maximumEntrySize: give 64 bytes to 1 MB")
        }
        if let refreshAfter, refreshAfter < .milliseconds(1) || refreshAfter > self.revalidateAfter {
            problems.append("refreshAfter: give a time from 1 ms to revalidateAfter")
        }
        if let near = self.nearCache {
            if !(8...10_000_000).contains(near.entries) { problems.append("nearCache.entries: give 8 to 10000000") }
            if near.maxAge < .milliseconds(1) || near.maxAge > self.revalidateAfter {
                problems.append("nearCache.maxAge: give a time from 1 ms to revalidateAfter")
            }
        }
        for (name, count, limit) in self.counts where !(1...limit).contains(count) {
            problems.append("\(name): give 1 to \(limit)")
        }
        return problems
    }

    /// Throws `.misconfigured` with every problem in one message.
    public func validate() throws(SessionStoreError) {
        let problems = self.problems
        if !problems.isEmpty {
            throw SessionStoreError(.misconfigured, "correct the cache's configuration: \(problems.joined(separator: "; "))")
        }
    }

    private var durations: [(String, Duration, limit: Duration)] {
        [
            ("revalidateAfter", self.revalidateAfter, .seconds(86_400)),
            ("times.negative", self.times.negative, .seconds(60)),
            ("times.tombstone", self.times.tombstone, .seconds(3600)),
            ("times.lease", self.times.lease, .seconds(60)),
            ("times.intent", self.times.intent, .seconds(600)),
            ("writes.budget", self.writes.budget, .seconds(300)),
            ("writes.publishPause", self.writes.publishPause, .seconds(10)),
            ("reads.budget", self.reads.budget, .seconds(300)),
            ("cacheBreaker.interval", self.cacheBreaker.interval, .seconds(60)),
            ("tableBreaker.interval", self.tableBreaker.interval, .seconds(60)),
            ("replays.interval", self.replays.interval, .seconds(60)),
        ]
    }

    private var counts: [(String, Int, limit: Int)] {
        [
            ("batchConcurrency", self.batchConcurrency, 10_000), ("writes.publishAttempts", self.writes.publishAttempts, 10),
            ("reads.maximumRefreshes", self.reads.maximumRefreshes, 10_000), ("cacheBreaker.failures", self.cacheBreaker.failures, 1000),
            ("tableBreaker.failures", self.tableBreaker.failures, 1000), ("replays.limit", self.replays.limit, 1_000_000),
        ]
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
