internal import CoreMetrics

/// The metrics of a `CacheStore`, their names and labels: here and nowhere else. No label comes from a session.
///
/// A class: a copy of so many counters would count references for each.
package final class CacheMetrics: Sendable {
    /// Cached reads by `outcome`; `near`: answered from this process's memory.
    static let reads = "bedrock_sessions.cache.reads"
    /// Reads that asked the table, alone or as the first of many.
    static let loads = "bedrock_sessions.cache.loads"
    /// Reads that were answered by a load that another read had started.
    static let deduplicatedLoads = "bedrock_sessions.cache.loads_deduplicated"
    /// Sessions that one batch read asked the table for together.
    static let batchedLoads = "bedrock_sessions.cache.loads_batched"
    /// Reads that the table did not answer in time (`deadlineExceeded`).
    static let lateLoads = "bedrock_sessions.cache.loads_late"
    /// Entries renewed in the background.
    static let refreshes = "bedrock_sessions.cache.refreshes"
    /// Entries that were due for a renewal when as many were under way as may be.
    static let refreshesLeftOut = "bedrock_sessions.cache.refreshes_left_out"
    /// Answers older than usual, because the table did not answer.
    static let staleAnswers = "bedrock_sessions.cache.stale_answers"
    /// Entries that were not stored because a write, or another reader, came first.
    static let refusedFills = "bedrock_sessions.cache.fills_refused"
    /// Writes by what the cache knows of them (`outcome`). `left`: superseded, or other writers are still at work.
    static let publishes = "bedrock_sessions.cache.publishes"
    /// Writes that were refused because the cache could not be told that they come (`writePolicy: .consistent`).
    static let refusedWrites = "bedrock_sessions.cache.writes_refused"
    /// Writes told late, by `outcome`: `sent`, `failed` (and tried again), `expired` (their time was over), `dropped` (the queue was full).
    static let replays = "bedrock_sessions.cache.replays"
    /// Writes that wait to be told.
    static let replaysWaiting = "bedrock_sessions.cache.replays_waiting"
    /// Changes of a breaker, by `tier` and `to`.
    static let breakerChanges = "bedrock_sessions.cache.breaker_changes"
    /// The state of a breaker by `tier`: 0 closed, 1 half open, 2 open.
    static let breakerState = "bedrock_sessions.cache.breaker_state"

    /// Entries that were not believed, by `reason`: with keys those that do not open, without keys those that are sealed.
    static let refusedEntries = "bedrock_sessions.cache.entries_refused"
    /// Entries that could not be sealed, and were not cached.
    static let failedSeals = "bedrock_sessions.cache.seals_failed"
    /// Read capacity units that the table was spared, at least: a consistent read takes one for each 4 KB that are begun, and items have rarely more.
    static let savedCapacity = "bedrock_sessions.cache.capacity_saved"

    /// How long commands of the cache took, until the reply or until they were given up, by `command`: `get`, or a script's name.
    static let requestDuration = "bedrock_sessions.cache.request_duration"

    private let readCounters: [Counter]
    // Those of most reads, out of the array, where each use would count a reference.
    private let hit: Counter
    private let nearHit: Counter
    let load = Counter(label: CacheMetrics.loads)
    let deduplicatedLoad = Counter(label: CacheMetrics.deduplicatedLoads)
    let batchedLoad = Counter(label: CacheMetrics.batchedLoads)
    let lateLoad = Counter(label: CacheMetrics.lateLoads)
    let refresh = Counter(label: CacheMetrics.refreshes)
    let refreshLeftOut = Counter(label: CacheMetrics.refreshesLeftOut)
    let staleAnswer = Counter(label: CacheMetrics.staleAnswers)
    let refusedFill = Counter(label: CacheMetrics.refusedFills)
    let refusedWrite = Counter(label: CacheMetrics.refusedWrites)
    let replayed = Counter(label: CacheMetrics.replays, dimensions: [("outcome", "sent")])
    let replayFailed = Counter(label: CacheMetrics.replays, dimensions: [("outcome", "failed")])
    let replayExpired = Counter(label: CacheMetrics.replays, dimensions: [("outcome", "expired")])
    let replayDropped = Counter(label: CacheMetrics.replays, dimensions: [("outcome", "dropped")])
    let replaysWaiting = Gauge(label: CacheMetrics.replaysWaiting)
    let cacheBreaker = BreakerMetrics(tier: "cache")
    let tableBreaker = BreakerMetrics(tier: "table")
    private let stored = Counter(label: CacheMetrics.publishes, dimensions: [("outcome", "stored")])
    private let left = Counter(label: CacheMetrics.publishes, dimensions: [("outcome", "left")])
    private let removed = Counter(label: CacheMetrics.publishes, dimensions: [("outcome", "removed")])
    private let none = Counter(label: CacheMetrics.publishes, dimensions: [("outcome", "none")])
    let pending = Counter(label: CacheMetrics.publishes, dimensions: [("outcome", "pending")])

    private let refusalCounters: [Counter]
    let failedSeal = Counter(label: CacheMetrics.failedSeals)
    private let savedCapacity = Counter(label: CacheMetrics.savedCapacity)

    init() {
        self.refusalCounters = EntrySealer.Refusal.allCases.map { Counter(label: Self.refusedEntries, dimensions: [("reason", $0.label)]) }
        let readCounters = ReadMachine.Outcome.allCases.map { Counter(label: Self.reads, dimensions: [("outcome", $0.label)]) }
        self.readCounters = readCounters
        self.hit = readCounters[ReadMachine.Outcome.hit.rawValue]
        self.nearHit = readCounters[ReadMachine.Outcome.near.rawValue]
    }

    func read(_ outcome: ReadMachine.Outcome) {
        switch outcome {
        case .hit: self.hit.increment()
        case .near: self.nearHit.increment()
        default: self.readCounters[outcome.rawValue].increment()
        }
        if outcome == .near || outcome == .hit || outcome == .absent || outcome == .tombstone { self.savedCapacity.increment() }
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

/// What the breaker of one tier tells.
struct BreakerMetrics: Sendable {
    private let state: Gauge
    private let changes: [Counter]

    init(tier: String) {
        self.state = Gauge(label: CacheMetrics.breakerState, dimensions: [("tier", tier)])
        self.changes = BreakerMachine.Change.allCases.map {
            Counter(label: CacheMetrics.breakerChanges, dimensions: [("tier", tier), ("to", $0.label)])
        }
        self.state.record(0)
    }

    func changed(_ change: BreakerMachine.Change) {
        self.changes[change.rawValue].increment()
        self.state.record(change.rawValue)
    }
}
