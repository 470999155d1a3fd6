internal import CoreMetrics

/// The metrics of a `CacheStore`, their names and labels: here and nowhere else. No label comes from a session.
package struct CacheMetrics: Sendable {
    /// Cached reads by `outcome`.
    static let reads = "bedrock_sessions.cache.reads"
    /// Reads that asked the table, alone or as the first of many.
    static let loads = "bedrock_sessions.cache.loads"
    /// Reads that were answered by a load that another read had started.
    static let deduplicatedLoads = "bedrock_sessions.cache.loads_deduplicated"
    /// Entries that were not stored because a write, or another reader, came first.
    static let refusedFills = "bedrock_sessions.cache.fills_refused"
    /// Writes by what the cache knows of them (`outcome`).
    static let publishes = "bedrock_sessions.cache.publishes"

    /// Entries that were not believed, by `reason`: with keys those that do not open, without keys those that are sealed.
    static let refusedEntries = "bedrock_sessions.cache.entries_refused"
    /// Entries that could not be sealed, and were not cached.
    static let failedSeals = "bedrock_sessions.cache.seals_failed"
    /// Read capacity units that the table was spared, at least: a consistent read takes one for each 4 KB that are begun, and items have rarely more.
    static let savedCapacity = "bedrock_sessions.cache.capacity_saved"

    private let readCounters: [Counter]
    let load = Counter(label: Self.loads)
    let deduplicatedLoad = Counter(label: Self.deduplicatedLoads)
    let refusedFill = Counter(label: Self.refusedFills)
    private let stored = Counter(label: Self.publishes, dimensions: [("outcome", "stored")])
    private let left = Counter(label: Self.publishes, dimensions: [("outcome", "left")])
    private let removed = Counter(label: Self.publishes, dimensions: [("outcome", "removed")])
    private let none = Counter(label: Self.publishes, dimensions: [("outcome", "none")])
    let pending = Counter(label: Self.publishes, dimensions: [("outcome", "pending")])

    private let refusalCounters: [Counter]
    let failedSeal = Counter(label: Self.failedSeals)
    private let savedCapacity = Counter(label: Self.savedCapacity)

    init() {
        self.refusalCounters = EntrySealer.Refusal.allCases.map { Counter(label: Self.refusedEntries, dimensions: [("reason", $0.label)]) }
        self.readCounters = ReadMachine.Outcome.allCases.map { Counter(label: Self.reads, dimensions: [("outcome", $0.label)]) }
    }

    func read(_ outcome: ReadMachine.Outcome) {
        self.readCounters[outcome.rawValue].increment()
        if outcome == .hit || outcome == .absent || outcome == .tombstone { self.savedCapacity.increment() }
    }

    func refused(_ refusal: EntrySealer.Refusal) {
        self.refusalCounters[refusal.rawValue].increment()
    }

    func published(_ outcome: PublishOutcome) {
        switch outcome {
        case .stored: self.stored.increment()
        case .left: self.left.increment()
        case .removed: self.removed.increment()
        case .none: self.none.increment()
        }
    }
}
