internal import SessionStore

/// Who waits for which load of which session: the two rules of shared flights (DESIGN section 3), and nothing else.
///
/// 1. A read may join a flight whose table request is handed to the transport after the read began. While a request has not been handed over that is
///    certain; afterwards it is told by comparing the flight's place in the order of all requests with the place at which the read began.
/// 2. A read may join the flight whose lease its own GET returned, at any time: any write since would have replaced that lease.
///
/// Joining whatever is in the air would return values older than an acknowledged write, with no fault at all.
/// A flight is named by the token that it puts into its lease. It may have nobody who waits: a renewal behind an answer.
struct FlightTable<Waiter> {
    /// What a read that needs the table is to do.
    enum Arrival: Hashable {
        /// Wait: a flight will answer.
        case joined
        /// Come again with a fresh token: no flight may be joined.
        case needsToken
        /// Start the flight with the token given; the read waits for it as well.
        case start
    }

    /// What becomes of a renewal.
    enum Renewal: Hashable {
        case start, underWay, left
    }

    /// A read that needs the table.
    struct Reader {
        /// Its name among all waiters.
        var id: UInt64
        var key: SessionKey
        /// How many table requests had been handed over when the read began.
        var began: UInt64
        /// The token that its own GET returned, if the key held a lease.
        var lease: Token?
        /// The uptime at which it waits no longer. All readers have the same time, so these rise.
        var deadline: Duration
    }

    private struct Flight {
        let key: SessionKey
        /// Its place in the order of all requests; nil while it has not been handed over.
        var place: UInt64?
        var waiters: [(id: UInt64, waiter: Waiter)]
    }

    private let rule: FlightRule
    private var flights: [Token: Flight] = [:]
    private var tokens: [SessionKey: [Token]] = [:]
    private var seats: [UInt64: Token] = [:]
    /// In order; those who left before keep their places until they come to the front.
    private var deadlines: [(deadline: Duration, id: UInt64)] = []
    private var firstDeadline = 0
    private var isWatched = false
    private var renewals: Set<Token> = []

    /// A table without flights.
    init(rule: FlightRule = .sameQuestion) {
        self.rule = rule
    }

    /// How many flights are under way.
    var count: Int { self.flights.count }

    /// How many reads wait for them.
    var waiterCount: Int { self.seats.count }

    /// A read needs the table.
    mutating func arrived(_ reader: Reader, _ waiter: Waiter, fresh: Token?) -> Arrival {
        if let token = self.joinable(by: reader) {
            self.flights[token]?.waiters.append((reader.id, waiter))
            self.sit(reader, token)
            return .joined
        }
        guard let fresh else { return .needsToken }
        self.flights[fresh] = Flight(key: reader.key, waiters: [(reader.id, waiter)])
        self.tokens[reader.key, default: []].append(fresh)
        self.sit(reader, fresh)
        return .start
    }

    /// An entry is due to be renewed. Whether to do so now, as the flight `fresh`: not while a flight of the key is under way, which will renew the
    /// entry or find that somebody else has, and no more than `limit` at a time (`left`).
    mutating func renewalDue(_ key: SessionKey, fresh: Token, limit: Int) -> Renewal {
        guard self.tokens[key] == nil else { return .underWay }
        guard self.renewals.count < limit else { return .left }
        self.flights[fresh] = Flight(key: key, waiters: [])
        self.tokens[key] = [fresh]
        self.renewals.insert(fresh)
        return .start
    }

    /// Whether somebody has to watch the deadlines from now on, by calling `deadlinesReached` until it answers no further one.
    mutating func watchStarts() -> Bool {
        defer { self.isWatched = true }
        return !self.isWatched
    }

    /// Who has waited long enough, and when to ask again; nil: nobody waits, the watch is over.
    mutating func deadlinesReached(now: Duration) -> (late: [Waiter], next: Duration?) {
        var late: [Waiter] = []
        while self.firstDeadline < self.deadlines.count {
            let (deadline, id) = self.deadlines[self.firstDeadline]
            if self.seats[id] != nil {
                guard deadline <= now else { break }
                if let waiter = self.left(id) { late.append(waiter) }
            }
            self.firstDeadline += 1
        }
        if self.firstDeadline * 2 >= self.deadlines.count {
            self.deadlines.removeFirst(self.firstDeadline)
            self.firstDeadline = 0
        }
        let next = self.firstDeadline < self.deadlines.count ? self.deadlines[self.firstDeadline].deadline : nil
        self.isWatched = next != nil
        return (late, next)
    }

    private mutating func sit(_ reader: Reader, _ token: Token) {
        self.seats[reader.id] = token
        self.deadlines.append((reader.deadline, reader.id))
    }

    /// The flight's table request is handed to the transport now, as the `place`th of all (counting from 1).
    mutating func requestHandedOver(_ token: Token, place: UInt64) {
        self.flights[token]?.place = place
    }

    /// A waiter's task was cancelled, or its time is over: it leaves, the flight goes on. Nil when it was answered already, or has not arrived.
    mutating func left(_ id: UInt64) -> Waiter? {
        guard let token = self.seats.removeValue(forKey: id),
            let index = self.flights[token]?.waiters.firstIndex(where: { $0.id == id })
        else { return nil }
        return self.flights[token]?.waiters.remove(at: index).waiter
    }

    /// The flight is over: these are to be told, in the order in which they came. Nothing of it is remembered.
    mutating func ended(_ token: Token) -> [Waiter] {
        guard let flight = self.flights.removeValue(forKey: token) else { return [] }
        self.renewals.remove(token)
        let others = (self.tokens[flight.key] ?? []).filter { $0 != token }
        self.tokens[flight.key] = others.isEmpty ? nil : others
        for (id, _) in flight.waiters { self.seats[id] = nil }
        return flight.waiters.map(\.waiter)
    }

    private func joinable(by reader: Reader) -> Token? {
        if let lease = reader.lease, self.flights[lease]?.key == reader.key { return lease }
        return self.tokens[reader.key]?.last { token in
            guard let flight = self.flights[token] else { return false }
            switch self.rule {
            case .sameQuestion: return flight.place.map { $0 > reader.began } ?? true
            case .anyInTheAir: return true
            }
        }
    }
}

/// Which flights a read may join.
package enum FlightRule: Hashable, Sendable {
    /// Those whose table request is as good as the read's own.
    case sameQuestion
    /// All, as the usual single flight does: wrong, and kept so that the simulation can show that it notices.
    case anyInTheAir
}
