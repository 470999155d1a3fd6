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
    /// How long the states of a key last.
    public var times = Times()
    /// What a write may take.
    public var writes = Writes()

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
        if !(1...10_000).contains(self.batchConcurrency) {
            problems.append("batchConcurrency: give 1 to 10000")
        }
        if !(1...10).contains(self.writes.publishAttempts) {
            problems.append("writes.publishAttempts: give 1 to 10")
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
