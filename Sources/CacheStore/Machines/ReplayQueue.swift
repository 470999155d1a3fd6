internal import SessionStore

/// The writes that were acknowledged before the cache could be told of them, to be told when it answers again.
///
/// A key is kept with its highest version, for as long as an older entry could answer unchecked: `revalidateAfter`, and what clocks may differ by.
/// That bounds the queue by the rate of writes; a limit bounds it for certain: beyond it the oldest key makes room, whose time is over first.
struct ReplayQueue {
    /// A key, and the version that entries must have to stay.
    struct Item: Hashable, Sendable {
        var key: [UInt8]
        var version: SessionVersion
    }

    /// What became of an addition.
    struct Addition: Hashable {
        /// Nobody looks after the queue: somebody has to call `timerFired` from now on, once per interval, until it answers nil.
        var startsTimer: Bool
        /// Keys that had to make room: their entries may answer until they are checked.
        var dropped: Int
    }

    /// The next commands to send.
    struct Round: Hashable {
        /// Replay these, oldest first; empty: not now.
        var items: [Item]
        /// Keys whose time was over: any older entry is checked by now before it answers.
        var expired: Int
    }

    private struct Pending {
        var version: SessionVersion
        var dropAt: Duration
        var place: UInt64
    }

    private let lifetime: Duration
    private let limit: Int
    private let roundSize: Int
    private var pending: [[UInt8]: Pending] = [:]
    /// Keys in the order of their times, with places that are outdated where a key was added again.
    private var order: [(key: [UInt8], place: UInt64)] = []
    private var head = 0
    private var lastPlace: UInt64 = 0
    private var isRoundUnderWay = false
    private var hasTimer = false
    /// The last round failed although something had succeeded: the next one waits for the timer.
    private var waitsForTimer = false

    init(lifetime: Duration, limit: Int, roundSize: Int) {
        self.lifetime = lifetime
        self.limit = limit
        self.roundSize = roundSize
    }

    /// How many keys wait.
    var count: Int { self.pending.count }

    /// The cache could not be told that the key's session has this version.
    mutating func publishFailed(_ item: Item, now: Duration) -> Addition {
        var addition = Addition(startsTimer: !self.hasTimer, dropped: 0)
        self.hasTimer = true
        let version = max(item.version, self.pending[item.key]?.version ?? item.version)
        if self.pending[item.key] == nil, self.pending.count >= self.limit, let oldest = self.removeOldest() {
            self.pending[oldest] = nil
            addition.dropped = 1
        }
        self.lastPlace += 1
        self.pending[item.key] = Pending(version: version, dropAt: now + self.lifetime, place: self.lastPlace)
        self.order.append((item.key, self.lastPlace))
        self.compact()
        return addition
    }

    /// The cache knows of this version, by a publish or a replay.
    mutating func told(_ item: Item) {
        guard let pending = self.pending[item.key], pending.version <= item.version else { return }
        self.pending[item.key] = nil
    }

    /// A command has succeeded.
    mutating func commandSucceeded(now: Duration) -> Round {
        self.waitsForTimer ? Round(items: [], expired: 0) : self.round(now: now, limit: self.roundSize)
    }

    /// An interval is over. `permit` is the breaker's: a probe is one command. Nil: nothing waits, the timer may end.
    mutating func timerFired(_ permit: BreakerMachine.Permit, now: Duration) -> Round? {
        self.waitsForTimer = false
        if self.pending.isEmpty {
            self.hasTimer = false
            return nil
        }
        switch permit {
        case .proceed: return self.round(now: now, limit: self.roundSize)
        case .probe: return self.round(now: now, limit: 1)
        case .refuse: return self.round(now: now, limit: 0)
        }
    }

    /// The commands of the round have ended; `told` was called for each that succeeded.
    mutating func roundEnded(failed: Bool) {
        self.isRoundUnderWay = false
        self.waitsForTimer = failed
    }

    private mutating func round(now: Duration, limit: Int) -> Round {
        let expired = self.expire(now: now)
        guard !self.isRoundUnderWay, !self.pending.isEmpty, limit > 0 else { return Round(items: [], expired: expired) }
        self.isRoundUnderWay = true
        var items: [Item] = []
        var index = self.head
        while index < self.order.count, items.count < limit {
            let (key, place) = self.order[index]
            if let pending = self.pending[key], pending.place == place { items.append(Item(key: key, version: pending.version)) }
            index += 1
        }
        return Round(items: items, expired: expired)
    }

    private mutating func expire(now: Duration) -> Int {
        var expired = 0
        while self.head < self.order.count {
            let (key, place) = self.order[self.head]
            if let pending = self.pending[key], pending.place == place {
                guard pending.dropAt <= now else { break }
                self.pending[key] = nil
                expired += 1
            }
            self.head += 1
        }
        self.compact()
        return expired
    }

    private mutating func removeOldest() -> [UInt8]? {
        while self.head < self.order.count {
            let (key, place) = self.order[self.head]
            self.head += 1
            if self.pending[key]?.place == place { return key }
        }
        return nil
    }

    /// Forgets outdated places when they are more than the others.
    private mutating func compact() {
        guard self.order.count > 64, self.order.count > self.pending.count * 2 else { return }
        let pending = self.pending
        self.order = self.order[self.head...].filter { pending[$0.key]?.place == $0.place }
        self.head = 0
    }
}
