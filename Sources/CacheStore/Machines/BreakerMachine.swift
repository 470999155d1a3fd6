/// Whether a tier is worth asking: closed while it answers; open after so many failures in a row, when it is not asked; half open while one call per
/// interval finds out whether it answers again.
///
/// Successes and failures of calls that did not ask for permission (writes try in any case) count like all others: they are as good evidence.
struct BreakerMachine {
    enum State: Hashable {
        case closed
        /// Nobody asks before that uptime.
        case open(until: Duration)
        /// One call is on its way to find out; should nothing be heard of it by that uptime, the next one is sent.
        case halfOpen(until: Duration)
    }

    /// What a call is to do.
    enum Permit: Hashable {
        /// Go ahead.
        case proceed
        /// Go ahead, as the only one of this interval.
        case probe
        /// Do without the tier.
        case refuse
    }

    /// What others may want to know.
    enum Change: Int, CaseIterable {
        case closed, halfOpened, opened

        /// Its name in metrics.
        var label: String { "\(self)" }
    }

    private let failuresToOpen: Int
    private let interval: Duration
    private(set) var state = State.closed
    private(set) var failures = 0

    init(_ limits: CacheConfiguration.Breaker) {
        self.failuresToOpen = limits.failures
        self.interval = limits.interval
    }

    /// Closed, and no failure is counted: nothing that a success could change.
    var isQuiet: Bool { self.state == .closed && self.failures == 0 }

    /// A call would like to ask the tier.
    mutating func requested(now: Duration) -> (permit: Permit, change: Change?) {
        switch self.state {
        case .closed: return (.proceed, nil)
        case .open(let until):
            guard now >= until else { return (.refuse, nil) }
            self.state = .halfOpen(until: now + self.interval)
            return (.probe, .halfOpened)
        case .halfOpen(let until):
            guard now >= until else { return (.refuse, nil) }
            self.state = .halfOpen(until: now + self.interval)
            return (.probe, nil)
        }
    }

    /// The tier has answered.
    mutating func answered() -> Change? {
        self.failures = 0
        switch self.state {
        case .closed: return nil
        case .open, .halfOpen:
            self.state = .closed
            return .closed
        }
    }

    /// The tier has not answered, or cannot do its work.
    mutating func failed(now: Duration) -> Change? {
        switch self.state {
        case .closed:
            self.failures += 1
            guard self.failures >= self.failuresToOpen else { return nil }
            self.state = .open(until: now + self.interval)
            return .opened
        case .open: return nil
        case .halfOpen:
            self.state = .open(until: now + self.interval)
            return .opened
        }
    }
}
