internal import SessionStore

/// What the near cache keeps and forgets: a part of it, under one lock. No I/O and no clock.
///
/// A session is kept where its hash says, in a row of eight; the row's least used one makes room (a clock hand over marks of use). What is kept are sessions
/// that Redis answered a read with, nothing else: no absence, no tombstone.
///
/// A read may be kept only if no invalidation came between its beginning and its answer. Nobody remembers which reads are under way: each has a ticket
/// with the count of invalidations that have met its place so far. A count that has moved forbids.
struct NearTable {
    /// A read that is under way.
    struct Ticket: Sendable {
        fileprivate var hash: UInt64
        fileprivate var life: UInt64
        fileprivate var invalidations: UInt32
        /// The uptime at which the read began: nothing that it answers is older.
        var beganAt: Duration
    }

    /// A session that Redis answered with.
    struct Kept: Sendable {
        var session: Session
        /// The instant before the table was asked for it.
        var cachedAt: Timestamp
        /// From this instant on it does not answer: it has ended, or is to be looked at.
        var end: Timestamp
    }

    private struct Place {
        var kept: Kept?
        /// The uptime at which the read began that brought it.
        var beganAt: Duration = .zero
        var wasUsed = false
    }

    static let rowSize = 8
    /// Counts of invalidations: the more, the fewer reads are forbidden by what befell others.
    private static let counterCount = 256

    private let maxAge: Duration
    private let rows: Int
    private let rule: NearRule
    private var places: [Place]
    /// Those of the sessions in the places, beside each other: a row is one line of the processor's cache.
    private var hashes: [UInt64]
    private var invalidations: [UInt32]
    /// Beside each count: when the latest read began that was kept. What began before is not kept behind it, even if that has made room since.
    private var latest: [Duration]
    /// Grows whenever everything is forgotten: what began before is not kept.
    private var life: UInt64 = 0
    private var isOn = false
    private var hand = 0

    /// - Parameter entries: a multiple of eight.
    init(entries: Int, maxAge: Duration, rule: NearRule = .untouched) {
        self.maxAge = maxAge
        self.rows = max(1, entries / Self.rowSize)
        self.rule = rule
        self.places = Array(repeating: Place(), count: self.rows * Self.rowSize)
        self.hashes = Array(repeating: 0, count: self.rows * Self.rowSize)
        self.invalidations = Array(repeating: 0, count: Self.counterCount)
        self.latest = Array(repeating: .zero, count: Self.counterCount)
    }

    /// How many sessions are kept.
    var count: Int { self.places.count { $0.kept != nil } }

    /// The server tells of every change from now on.
    mutating func trackingBegan() {
        self.everythingChanged()
        self.isOn = true
    }

    /// It does not any more.
    mutating func trackingEnded() {
        self.isOn = false
        self.everythingChanged()
    }

    /// All keys may have changed.
    mutating func everythingChanged() {
        self.life += 1
        for index in self.places.indices { self.places[index].kept = nil }
    }

    /// A key of this hash has changed, or is about to.
    mutating func changed(_ hash: UInt64) {
        self.invalidations[self.counter(of: hash)] &+= 1
        for index in self.row(of: hash) where self.hashes[index] == hash { self.places[index].kept = nil }
    }

    /// What answers a read of `key` at this moment.
    @inline(__always)
    mutating func found(_ hash: UInt64, _ key: SessionKey, now: Timestamp, uptime: Duration) -> Kept? {
        for index in self.row(of: hash) where self.hashes[index] == hash {
            guard let kept = self.places[index].kept, kept.session.key == key else { continue }
            guard uptime - self.places[index].beganAt <= self.maxAge, now < kept.end else {
                self.places[index].kept = nil
                return nil
            }
            if !self.places[index].wasUsed { self.places[index].wasUsed = true }
            return kept
        }
        return nil
    }

    /// A read of that place begins; nil: what it answers will not be kept.
    func readBegan(_ hash: UInt64, uptime: Duration) -> Ticket? {
        guard self.isOn else { return nil }
        return Ticket(hash: hash, life: self.life, invalidations: self.invalidations[self.counter(of: hash)], beganAt: uptime)
    }

    /// A read has found this in Redis. Answers whether it is kept.
    mutating func readFound(_ kept: Kept, _ ticket: Ticket) -> Bool {
        guard self.isOn, ticket.life == self.life else { return false }
        let row = self.row(of: ticket.hash)
        let same = row.first { self.hashes[$0] == ticket.hash && self.places[$0].kept?.session.key == kept.session.key }
        if let same, let other = self.places[same].kept {
            // Another read may have begun later and ended sooner.
            guard self.places[same].beganAt <= ticket.beganAt, !Self.isOlder(kept, than: other) else { return false }
        }
        let counter = self.counter(of: ticket.hash)
        let isUntouched = ticket.invalidations == self.invalidations[counter] || self.rule == .nothing
        guard isUntouched, self.latest[counter] <= ticket.beganAt else {
            // What is kept may be older than what this read answers; the next one must not be.
            if let same { self.places[same].kept = nil }
            return false
        }
        self.latest[counter] = ticket.beganAt
        self.put(kept, ticket, at: same ?? self.room(in: row))
        return true
    }

    private static func isOlder(_ kept: Kept, than other: Kept) -> Bool {
        guard let version = kept.session.version, let otherVersion = other.session.version else { return false }
        return version < otherVersion
    }

    private mutating func put(_ kept: Kept, _ ticket: Ticket, at index: Int) {
        self.hashes[index] = ticket.hash
        self.places[index] = Place(kept: kept, beganAt: ticket.beganAt)
    }

    private mutating func room(in row: Range<Int>) -> Int {
        if let free = row.first(where: { self.places[$0].kept == nil }) { return free }
        while true {
            self.hand = (self.hand + 1) % Self.rowSize
            let index = row.lowerBound + self.hand
            if !self.places[index].wasUsed { return index }
            self.places[index].wasUsed = false
        }
    }

    @inline(__always)
    private func row(of hash: UInt64) -> Range<Int> {
        // The high half of the product: 0 to rows - 1, evenly.
        let start = Int(hash.multipliedFullWidth(by: UInt64(self.rows)).high) * Self.rowSize
        return start..<start + Self.rowSize
    }

    private func counter(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 8) & (Self.counterCount - 1) }
}

/// Which invalidations forbid keeping a read.
package enum NearRule: Hashable, Sendable {
    /// Those that came while it was under way.
    case untouched
    /// None: wrong, and kept so that the simulation can show that it notices.
    case nothing
}
