internal import SessionStore

/// The steps of a load that one or many reads wait for: lease, table, fill.
struct LoadMachine {
    /// What to do first.
    enum Opening: Hashable {
        /// Ask for the lease, over these bytes or over nothing.
        case lease(over: [UInt8]?)
        /// Ask the table.
        case askTable
    }

    /// What to do with the table's answer before passing it on.
    enum Closing: Hashable {
        /// Store it over the lease.
        case fill(EncodedEntry)
        /// Store it over the bytes seen.
        case refresh(seen: [UInt8], EncodedEntry)
        /// Nothing.
        case pass
    }

    private let plan: LoadPlan
    private let policy: CachePolicy
    private let jitter: Double
    /// Where the lease was granted.
    private var leaseEpoch: UInt64?

    /// - Parameter jitter: a random number in 0..<1.
    init(_ plan: LoadPlan, policy: CachePolicy, jitter: Double) {
        self.plan = plan
        self.policy = policy
        self.jitter = jitter
    }

    /// The load begins.
    func started() -> Opening {
        switch self.plan {
        case .fill(let seen): .lease(over: seen)
        case .bypass, .recheck: .askTable
        }
    }

    /// The lease was granted by a server of this epoch, or (nil) refused, or Redis did not answer. The table is asked next.
    mutating func leaseAnswered(grantedAt epoch: UInt64?) {
        self.leaseEpoch = epoch
    }

    /// The table has answered to what it was asked at `askedAt`. A failure of the table closes nothing: the lease ends by itself.
    func tableAnswered(_ session: Session?, askedAt: Timestamp, now: Timestamp) -> Closing {
        switch self.plan {
        case .recheck(let seen, let epoch):
            let entry = self.policy.entry(for: session, askedAt: askedAt, epoch: epoch, jitter: self.jitter)
            return .refresh(seen: seen, self.policy.encode(entry, now: now))
        case .fill:
            guard let epoch = self.leaseEpoch else { return .pass }
            // A session that cannot be cached leaves the lease where it is: for its few seconds, other readers save themselves the attempt.
            let encoded = self.policy.encode(self.policy.entry(for: session, askedAt: askedAt, epoch: epoch, jitter: self.jitter), now: now)
            return encoded == .none ? .pass : .fill(encoded)
        case .bypass:
            return .pass
        }
    }
}
