/// Which credentials are in use, who waits for them, and when the sources are asked again. Pure: events in, one action out.
///
/// All waiters share one flight. Temporary keys are refreshed ahead of their end, while they are still used; where that fails they are used as long as
/// they live. A failure goes to those who waited and is not remembered; a waiter that leaves ends nothing for the others.
struct CredentialMachine<Waiter> {
    /// A temporary key is refreshed this long before it ends, seconds. Sources replace theirs at least five minutes ahead (EC2 User Guide, "Retrieve
    /// security credentials from instance metadata").
    private static var ahead: Int64 { 300 }
    /// A key that ends within this time is not used while a flight may bring a better one: it could die on the way. Seconds.
    private static var margin: Int64 { 10 }
    /// After a refresh that failed, or brought a key that is about to end, the next one starts so much later. Seconds.
    private static var pause: Int64 { 30 }

    private var current: AWSCredentials?
    private var isLoading = false
    /// No refresh before this time.
    private var nextRefresh = Int64.min
    private var waiters: [UInt64: Waiter] = [:]
    private var lastID: UInt64 = 0

    /// What a caller that wants credentials does.
    enum LookUp: Equatable {
        /// Use these.
        case use(AWSCredentials)
        /// Use these, and start a flight for their successors.
        case useAndRefresh(AWSCredentials)
        /// Wait (`arrived`).
        case wait
    }

    /// What follows a waiter's arrival.
    enum Arrival: Equatable {
        case resume(AWSCredentials)
        case wait
        case startLoading
    }

    /// A caller wants credentials.
    mutating func lookUp(now: Int64) -> LookUp {
        guard let current = self.usable(now: now) else { return .wait }
        guard let expiration = current.expiration, now >= expiration - Self.ahead, now >= self.nextRefresh, !self.isLoading else {
            return .use(current)
        }
        self.isLoading = true
        return .useAndRefresh(current)
    }

    /// In their last seconds, or past their end, the sources have the word, unless they had it just now.
    private func usable(now: Int64) -> AWSCredentials? {
        guard let current = self.current else { return nil }
        guard let expiration = current.expiration else { return current }
        return now < expiration - Self.margin || now < self.nextRefresh ? current : nil
    }

    /// A name for a waiter about to arrive.
    mutating func nextID() -> UInt64 {
        self.lastID += 1
        return self.lastID
    }

    mutating func arrived(_ waiter: Waiter, id: UInt64, now: Int64) -> Arrival {
        if let credentials = self.usable(now: now) { return .resume(credentials) }
        self.waiters[id] = waiter
        if self.isLoading { return .wait }
        self.isLoading = true
        return .startLoading
    }

    /// The waiter, if it still waits.
    mutating func left(_ id: UInt64) -> Waiter? {
        self.waiters.removeValue(forKey: id)
    }

    /// A service refused these credentials: if they are still the current ones, the next caller asks the sources again.
    mutating func refused(_ credentials: AWSCredentials) {
        guard self.current == credentials else { return }
        self.current = nil
        self.nextRefresh = .min
    }

    /// The flight came back: whom to resume, and with what.
    mutating func finished(
        _ result: Result<AWSCredentials, AWSError>, now: Int64
    ) -> (waiters: [Waiter], result: Result<AWSCredentials, AWSError>) {
        self.isLoading = false
        let waiting = Array(self.waiters.values)
        self.waiters.removeAll()
        switch result {
        case .success(let credentials):
            self.current = credentials
            let endsSoon = credentials.expiration.map { now >= $0 - Self.ahead } ?? false
            self.nextRefresh = endsSoon ? now + Self.pause : .min
            return (waiting, result)
        case .failure:
            if let current = self.current, current.expiration.map({ now < $0 }) ?? true {
                self.nextRefresh = now + Self.pause
                return (waiting, .success(current))
            }
            self.current = nil
            self.nextRefresh = .min
            return (waiting, result)
        }
    }
}
