import SessionStore

/// Which reads of items leave alone, which wait, and which leave together: a read that finds others in flight waits for one of them to end, and all that
/// wait then leave as one request. Pure: no clock, no timer, no I/O.
///
/// - A read never waits while nothing is in flight.
/// - A waiting read leaves in a request of its own time: every request starts after the reads it answers were asked. Waiting reads of one key share a
///   place in it.
/// - A full batch leaves at once: to wait longer would make it no better.
/// - A request in flight for longer than `patience` is not waited for: the next read to come takes all who wait along.
struct ReadCrowd<Waiter> {
    /// The numbers of a crowd.
    struct Limits: Hashable, Sendable {
        /// Requests in flight until reads wait.
        var unhurried = 1
        /// Keys of a request (Amazon DynamoDB API reference, BatchGetItem: 100).
        var keys = 100
        /// Requests in flight at most; beyond, full batches wait as well.
        var requests = 16
        /// Reads that wait at most; the next one is refused.
        var waiting = 65_536
        /// How long a request in flight makes others wait: longer than a first connection takes, shorter than anybody notices.
        var patience = Duration.milliseconds(100)
    }

    /// What a read does that has just come.
    enum Arrival: Hashable {
        /// It leaves at once, alone, as the request of this name; `ended` is called when it is answered.
        case leave(UInt64)
        /// It waits: come again with `wait`.
        case wait
    }

    /// A request to send now.
    struct Request: Hashable {
        /// Its name.
        var id: UInt64
        /// Its keys, each once; a single one is for GetItem.
        var keys: [SessionKey]
    }

    /// Who waits for a key.
    typealias Seats = [(id: UInt64, waiter: Waiter)]

    private struct Flight {
        var id: UInt64
        var since: Duration
        var seats: [SessionKey: Seats]
    }

    private(set) var limits: Limits
    private var flights: [Flight] = []
    private var order: [SessionKey] = []
    /// Keys of `order` before this one have left.
    private var head = 0
    private var seats: [SessionKey: Seats] = [:]
    private var lastID: UInt64 = 0
    /// Reads that wait and have not left.
    private(set) var waiting = 0

    init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Requests in flight.
    var inFlight: Int { self.flights.count }

    /// A read came.
    mutating func arrived(now: Duration) -> Arrival {
        guard self.waiting == 0, self.mayLeave(now) else { return .wait }
        return .leave(self.depart([:], now))
    }

    /// A read was told to wait and does; `waiter` is handed back when it is answered. What happened in between counts: it may leave with the request that
    /// is returned. Nil where too many wait: it is refused.
    mutating func waits(for key: SessionKey, _ id: UInt64, _ waiter: Waiter, now: Duration) -> [Request]? {
        guard self.waiting < self.limits.waiting else { return nil }
        if self.seats[key] == nil { self.order.append(key) }
        self.seats[key, default: []].append((id, waiter))
        self.waiting += 1
        return self.departures(now)
    }

    /// Who waits for the request of that name now.
    func seats(of id: UInt64) -> [SessionKey: Seats] {
        self.flights.first { $0.id == id }?.seats ?? [:]
    }

    /// A request was answered, or failed: those to tell, and the requests to send now.
    mutating func ended(_ id: UInt64, now: Duration) -> (seats: [SessionKey: Seats], requests: [Request]) {
        guard let index = self.flights.firstIndex(where: { $0.id == id }) else { return ([:], []) }
        let flight = self.flights.remove(at: index)
        return (flight.seats, self.departures(now))
    }

    /// A waiting read's task was cancelled: it leaves, its request goes on. Nil when it was answered already, or does not wait yet.
    mutating func left(_ key: SessionKey, _ id: UInt64) -> Waiter? {
        if let index = self.seats[key]?.firstIndex(where: { $0.id == id }) {
            let waiter = self.seats[key]?.remove(at: index).waiter
            self.waiting -= 1
            if self.seats[key]?.isEmpty == true {
                self.seats[key] = nil
                if let place = self.order[self.head...].firstIndex(of: key) { self.order.remove(at: place) }
            }
            return waiter
        }
        for flight in self.flights.indices {
            if let index = self.flights[flight].seats[key]?.firstIndex(where: { $0.id == id }) {
                return self.flights[flight].seats[key]?.remove(at: index).waiter
            }
        }
        return nil
    }

    /// Requests with several keys are not allowed: from now on each read leaves alone, `requests` of them at a time, those of the request first that found
    /// out. Answers with what to send now.
    mutating func separated(_ id: UInt64, requests: Int, now: Duration) -> [Request] {
        self.limits.keys = 1
        self.limits.unhurried = max(1, requests)
        self.limits.requests = max(1, requests)
        if let index = self.flights.firstIndex(where: { $0.id == id }) {
            let flight = self.flights.remove(at: index)
            var again: [SessionKey] = []
            for (key, seats) in flight.seats {
                if self.seats[key] == nil { again.append(key) }
                self.seats[key, default: []] += seats
                self.waiting += seats.count
            }
            self.order = again + self.order[self.head...]
            self.head = 0
        }
        return self.departures(now)
    }

    private var queued: Int { self.order.count - self.head }

    /// Whether a request may leave without being full.
    private func mayLeave(_ now: Duration) -> Bool {
        guard self.flights.count < self.limits.requests else { return false }
        return self.flights.count { now - $0.since < self.limits.patience } < self.limits.unhurried
    }

    private mutating func departures(_ now: Duration) -> [Request] {
        var requests: [Request] = []
        while self.queued > 0 {
            let isFull = self.queued >= self.limits.keys && self.flights.count < self.limits.requests
            guard isFull || self.mayLeave(now) else { break }
            let keys = Array(self.order[self.head...].prefix(self.limits.keys))
            self.head += keys.count
            var leaving = [SessionKey: Seats](minimumCapacity: keys.count)
            for key in keys {
                guard let seats = self.seats.removeValue(forKey: key) else { continue }
                self.waiting -= seats.count
                leaving[key] = seats
            }
            requests.append(Request(id: self.depart(leaving, now), keys: keys))
        }
        if self.head == self.order.count {
            self.order.removeAll(keepingCapacity: true)
            self.head = 0
        } else if self.head >= 4096 {
            self.order.removeFirst(self.head)
            self.head = 0
        }
        return requests
    }

    private mutating func depart(_ seats: [SessionKey: Seats], _ now: Duration) -> UInt64 {
        self.lastID += 1
        self.flights.append(Flight(id: self.lastID, since: now, seats: seats))
        return self.lastID
    }
}
