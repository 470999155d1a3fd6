/// Which credentials are in use and who waits for them. Pure: events in, one action out.
///
/// All waiters share one flight. A failure goes to those who waited and is not remembered; a waiter that leaves ends nothing for the others.
struct CredentialMachine<Waiter> {
    /// Before a temporary key ends it counts as ended, so that a request is not signed with one that dies on the way. Seconds.
    private static var margin: Int64 { 60 }

    private enum State {
        case none
        case loading
        case loaded(AWSCredentials)
    }

    private var state = State.none
    private var waiters: [UInt64: Waiter] = [:]
    private var lastID: UInt64 = 0

    /// What a caller that wants credentials does.
    enum Request {
        case use(AWSCredentials)
        case wait
    }

    /// What follows a waiter's arrival.
    enum Arrival {
        case resume(AWSCredentials)
        case wait
        case startLoading
    }

    /// Credentials that can be used now, without waiting.
    func current(now: Int64) -> AWSCredentials? {
        guard case .loaded(let credentials) = self.state else { return nil }
        guard let expiration = credentials.expiration else { return credentials }
        return now < expiration - Self.margin ? credentials : nil
    }

    /// A name for a waiter about to arrive.
    mutating func nextID() -> UInt64 {
        self.lastID += 1
        return self.lastID
    }

    mutating func arrived(_ waiter: Waiter, id: UInt64, now: Int64) -> Arrival {
        if let credentials = self.current(now: now) { return .resume(credentials) }
        self.waiters[id] = waiter
        switch self.state {
        case .loading:
            return .wait
        case .none, .loaded:
            self.state = .loading
            return .startLoading
        }
    }

    /// The waiter, if it still waits.
    mutating func left(_ id: UInt64) -> Waiter? {
        self.waiters.removeValue(forKey: id)
    }

    /// A service refused these credentials: if they are still the current ones, the next caller asks the sources again.
    mutating func refused(_ credentials: AWSCredentials) {
        if case .loaded(credentials) = self.state { self.state = .none }
    }

    /// The flight came back: whom to resume with its result.
    mutating func finished(_ result: Result<AWSCredentials, AWSError>) -> [Waiter] {
        switch result {
        case .success(let credentials): self.state = .loaded(credentials)
        case .failure: self.state = .none
        }
        let waiting = Array(self.waiters.values)
        self.waiters.removeAll()
        return waiting
    }
}
