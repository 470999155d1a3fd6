/// Decides when a live connection authenticates again, and when it is given up because that does not work. No I/O, clock or randomness.
///
/// ElastiCache ends connections of IAM users after twelve hours, unless they authenticate again before (ElastiCache User Guide, "Authenticating with IAM").
struct ReauthenticationMachine {
    /// What to do next.
    enum Action: Equatable {
        /// Nothing before so much time is over.
        case wait(Duration)
        /// Make credentials and send AUTH.
        case authenticate
        /// Replace the connection, once what it owes is answered.
        case retire
    }

    private let lifetime: Duration
    private var deadline: Duration

    /// - Parameters:
    ///   - lifetime: How long the server keeps an authenticated connection.
    ///   - now: When it was authenticated.
    init(lifetime: Duration, now: Duration) {
        self.lifetime = lifetime
        self.deadline = now + lifetime
    }

    /// The connection was authenticated, for the first time or again.
    ///
    /// - Parameter jitter: a random number in 0..<1: connections that were opened together must not come back together.
    mutating func authenticated(now: Duration, jitter: Double) -> Action {
        self.deadline = now + self.lifetime
        return .wait(self.lifetime * 10 / 12 + self.lifetime / 12 * min(max(jitter, 0), 1))
    }

    /// No credentials could be made, or the server did not say anything to them: there may be time for another attempt, five minutes of twelve hours later.
    func failed(now: Duration) -> Action {
        let pause = self.lifetime / 144
        return now + pause * 2 < self.deadline ? .wait(pause) : .retire
    }

    /// The server refused them.
    func refused() -> Action { .retire }

    /// The wait is over.
    func waited() -> Action { .authenticate }
}
