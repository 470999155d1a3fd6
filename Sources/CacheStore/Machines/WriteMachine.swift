internal import SessionStore

/// The steps of one write: intent, table, publish, acknowledge (DESIGN section 3, writes).
struct WriteMachine {
    /// What to do before an attempt at the table.
    enum Attempt: Hashable {
        /// Go ahead.
        case proceed
        /// Announce again first: the intent may end before the attempt does.
        case renew
        /// The budget is used up.
        case giveUp
    }

    /// What to do when the table has spoken.
    enum Closing: Hashable {
        /// Tell the cache of this version.
        case publish(SessionVersion, EncodedEntry)
        /// Take the intent back: nothing was written, for certain.
        case withdraw
        /// Leave the intent to expire: nobody knows what was written.
        case leave
    }

    /// What to do when a publish failed.
    enum Retry: Hashable {
        /// Try again after a pause.
        case again(after: Duration)
        /// Acknowledge as `.pending`, and tell the cache later.
        case pending
    }

    private enum Intent {
        /// It stands until this uptime at least, counted from before it was sent.
        case stands(until: Duration)
        /// It may have arrived: not for certain, so it does not count, but it is taken back where nothing was written.
        case doubtful
        /// It never reached Redis.
        case missing
    }

    private let policy: CachePolicy
    private let startedAt: Duration
    private var intent = Intent.missing
    /// Of the server where the intent stood last.
    private var intentEpoch: UInt64 = 0
    /// Whether the table may have been touched while no intent was known to stand. Such a write stores no entry: an intent that arrives late, when
    /// another writer has published already, would let this one store over it.
    private var isExposed = false
    private var attempts = 0
    private var publishes = 0

    init(policy: CachePolicy, startedAt: Duration) {
        self.policy = policy
        self.startedAt = startedAt
    }

    /// The intent, or its renewal, stands at a server of this epoch, or (nil) that has no memory for it. `sentAt` is the uptime before it was sent.
    mutating func intentAnswered(standsAt epoch: UInt64?, sentAt: Duration) {
        self.intent = epoch == nil ? .missing : .stands(until: sentAt + self.policy.intentTime)
        self.intentEpoch = epoch ?? 0
        if epoch == nil { self.isExposed = true }
    }

    /// Redis did not answer the intent, or with an error.
    mutating func intentFailed(mayHaveArrived: Bool) {
        self.isExposed = true
        switch self.intent {
        case .stands, .doubtful: self.intent = .doubtful
        case .missing: self.intent = mayHaveArrived ? .doubtful : .missing
        }
    }

    /// What the replaced entry says of the item, for the table's condition.
    static func basis(from replaced: CachedState, now: Timestamp) -> SessionWrite.Basis {
        switch replaced {
        case .entry(let header): header.end.map { $0 <= now } ?? false ? .unknown : header.basis
        case .none, .lease, .intent, .bad: .unknown
        }
    }

    /// An attempt at the table is about to start. The intent must outlive the budget that the attempt may use: a thawed process must not write
    /// under a dead intent. A first attempt does not repeat an intent that has just failed.
    /// Whether the table may be touched (`mayWrite`) is asked afterwards.
    mutating func attemptStarting(uptime: Duration) -> Attempt {
        self.attempts += 1
        guard uptime - self.startedAt < self.policy.writeBudget || self.attempts == 1 else { return .giveUp }
        switch self.intent {
        case .stands(let end): return end - uptime < self.policy.writeBudget ? .renew : .proceed
        case .doubtful, .missing: return self.attempts == 1 ? .proceed : .renew
        }
    }

    /// Whether the write policy lets the table be touched now.
    var mayWrite: Bool {
        switch self.intent {
        case .stands: true
        case .doubtful, .missing: !self.policy.mustAnnounceWrites
        }
    }

    /// The write policy did not let the table be touched.
    func refused() -> Closing {
        self.mayHaveIntent ? .withdraw : .leave
    }

    /// The table has the write. `askedAt` is the instant before it was sent.
    func tableAnswered(_ result: WriteResult, askedAt: Timestamp, now: Timestamp) -> Closing {
        guard result.changed else { return self.mayHaveIntent ? .withdraw : .leave }
        guard let version = result.version else { return .leave }
        guard !self.isExposed else { return .publish(version, .none) }
        let content = result.session.map(CacheEntry.Content.live) ?? .tombstone(version, until: now + self.policy.tombstoneTime)
        return .publish(version, self.policy.encode(CacheEntry(content, cachedAt: askedAt, epoch: self.intentEpoch), now: now))
    }

    /// The table has not confirmed the write.
    func tableFailed(_ error: SessionStoreError) -> Closing {
        switch error.code {
        case .invalidSessionID, .invalidUserID, .invalidWallet, .invalidValue, .tooLarge, .notOwner, .malformedItem, .conflict,
            .throttled, .overloaded, .tableMissing, .accessDenied, .misconfigured:
            return self.mayHaveIntent ? .withdraw : .leave
        default:
            // Not a closed set. Whatever is not known to have written nothing may have written.
            return .leave
        }
    }

    /// Redis did not answer the publish, or with an error. `isCacheDown`: another attempt would end like this one.
    mutating func publishFailed(uptime: Duration, isCacheDown: Bool) -> Retry {
        self.publishes += 1
        if isCacheDown { return .pending }
        let pause = (1..<max(self.publishes, 1)).reduce(self.policy.publishPause) { pause, _ in pause * 4 }
        let isInTime = uptime + pause - self.startedAt < self.policy.writeBudget
        guard self.publishes < self.policy.publishAttempts, isInTime else { return .pending }
        return .again(after: pause)
    }

    private var mayHaveIntent: Bool {
        switch self.intent {
        case .stands, .doubtful: true
        case .missing: false
        }
    }
}
