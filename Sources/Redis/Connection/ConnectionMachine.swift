/// Decides what becomes of commands and of the connection. No I/O, clock or randomness: events go in, what to do comes out.
///
/// With a live connection commands are sent. Without one the first command starts an attempt, and the commands of that time wait for it. An
/// attempt that fails fails them all, and until the pause is over further commands fail at once: an outage of Redis costs its callers
/// nothing but one attempt per pause. The command after the pause starts the next attempt.
///
/// A live connection can be held: commands wait while it is checked, or while it answers the last ones before it is replaced. They have not left
/// then, so whatever becomes of the connection they may go over the next.
struct ConnectionMachine {
    enum State: Equatable {
        case disconnected
        case connecting(since: Duration)
        case ready
        case held
        case backingOff(until: Duration)
        case closed
    }

    /// What to do with a command.
    enum Admission: Equatable {
        case send
        case wait
        case connectAndWait(attempt: UInt64)
        case refuse(RedisError)
    }

    /// What to do when an attempt, the connection or the client ends.
    enum Ending: Equatable {
        /// Answer everybody who waits, for the connection or for a reply.
        case failAll(RedisError)
        /// Answer those who wait for a reply. Those who wait for the connection wait for this attempt.
        case failSent(RedisError, attempt: UInt64)
        /// The event is about something that ended before.
        case ignore
    }

    private(set) var state = State.disconnected
    /// Attempts so far: late events carry the number of theirs.
    private(set) var attempt: UInt64 = 0
    /// Failures since a connection last proved itself by the reply to a command.
    private(set) var failures = 0
    private(set) var lastFailure: RedisError?
    private var proven = false

    private let backoff: RedisConfiguration.Backoff
    private let patience: Duration

    /// - Parameter patience: while an attempt that follows a failure has run longer than this, commands no longer wait for it.
    init(backoff: RedisConfiguration.Backoff, patience: Duration) {
        self.backoff = backoff
        self.patience = patience
    }

    @inline(__always)
    var isReady: Bool { self.state == .ready }

    mutating func commandIssued(now: Duration) -> Admission {
        switch self.state {
        case .ready: return .send
        case .held: return .wait
        case .disconnected: return self.start(now: now)
        case .connecting(let since):
            if self.failures > 0, now - since >= self.patience { return .refuse(self.refusal) }
            return .wait
        case .backingOff(let until): return now >= until ? self.start(now: now) : .refuse(self.refusal)
        case .closed: return .refuse(.clientClosed)
        }
    }

    /// The attempt's connection answered as a Redis. Returns whether it is still wanted.
    mutating func attemptSucceeded(attempt: UInt64) -> Bool {
        guard self.isConnecting, attempt == self.attempt else { return false }
        self.state = .ready
        self.proven = false
        return true
    }

    /// - Parameter jitter: a random number in 0..<1.
    mutating func attemptFailed(attempt: UInt64, _ error: RedisError, now: Duration, jitter: Double) -> Ending {
        guard self.isConnecting, attempt == self.attempt else { return .ignore }
        self.backOff(after: error, now: now, jitter: jitter)
        return .failAll(error)
    }

    /// A reply to a command, not to the greeting: the connection is good.
    @inline(__always)
    mutating func replyReceived() {
        if !self.proven { self.prove() }
    }

    /// The live connection ended, or must. One that had proved itself is replaced without a pause, unless it ended by falling silent: the
    /// next would be silent too.
    mutating func connectionLost(_ error: RedisError, now: Duration, jitter: Double) -> Ending {
        if self.state == .held {
            self.begin(now: now)
            return .failSent(error, attempt: self.attempt)
        }
        guard self.state == .ready else { return .ignore }
        if self.proven, error.code != .timedOut {
            self.state = .disconnected
        } else {
            self.backOff(after: error, now: now, jitter: jitter)
        }
        return .failAll(error)
    }

    /// The connection is not to be used before it was checked, or not any more. Answers whether commands wait from now on.
    mutating func suspected() -> Bool {
        guard self.state == .ready else { return false }
        self.state = .held
        return true
    }

    /// The held connection is as good as before. Answers whether it was held.
    mutating func vouchedFor() -> Bool {
        guard self.state == .held else { return false }
        self.state = .ready
        return true
    }

    /// The held connection is to be replaced. Answers the number of the attempt.
    mutating func condemned(now: Duration) -> UInt64? {
        guard self.state == .held else { return nil }
        self.begin(now: now)
        return self.attempt
    }

    /// The connection was handed to somebody else.
    mutating func handedOver() {
        if self.state != .closed { self.state = .disconnected }
    }

    /// A connection was taken over that somebody else had opened. Answers whether it is wanted.
    mutating func tookOver() -> Bool {
        switch self.state {
        case .disconnected, .backingOff:
            self.state = .ready
            self.proven = false
            return true
        case .connecting, .ready, .held, .closed: return false
        }
    }

    mutating func clientClosed() -> Ending {
        guard self.state != .closed else { return .ignore }
        self.state = .closed
        return .failAll(.clientClosed)
    }

    private var isConnecting: Bool {
        switch self.state {
        case .connecting: true
        case .disconnected, .ready, .held, .backingOff, .closed: false
        }
    }

    private mutating func start(now: Duration) -> Admission {
        self.begin(now: now)
        return .connectAndWait(attempt: self.attempt)
    }

    private mutating func begin(now: Duration) {
        self.state = .connecting(since: now)
        self.attempt += 1
    }

    private mutating func prove() {
        self.proven = true
        self.failures = 0
        self.lastFailure = nil
    }

    private mutating func backOff(after error: RedisError, now: Duration, jitter: Double) {
        self.failures += 1
        self.lastFailure = error
        var pause = self.backoff.initial
        for _ in 1..<max(2, self.failures) where self.failures > 1 && pause < self.backoff.maximum { pause *= 2 }
        pause = min(pause, self.backoff.maximum)
        // Half fixed, half random: clients of one server must not come back in step, and none at once.
        self.state = .backingOff(until: now + pause / 2 + pause / 2 * min(max(jitter, 0), 1))
    }

    private var refusal: RedisError {
        guard let failure = self.lastFailure else { return .noConnection(underlying: nil) }
        switch failure.code {
        case .connectionLost, .timedOut: return .noConnection(underlying: failure.underlying ?? failure.code.label)
        default:
            var refusal = failure
            refusal.mayHaveExecuted = false
            return refusal
        }
    }
}
