internal import SessionStore

/// What one read does with what the key held: the row "read" of the state table in DESIGN section 3.
struct ReadMachine {
    /// Why the read ended as it did, for metrics.
    enum Outcome: Int, CaseIterable, Sendable {
        case near, hit, absent, tombstone, miss, recheck, bypass, bad, failed, skipped, refused

        /// Its name in metrics.
        var label: String { "\(self)" }
    }

    /// What to do now.
    enum Action: Hashable {
        /// Answer the session that was opened, `nil` where none was. It is not carried along: sessions are large, and each step would move it.
        case answer(Outcome)
        /// The session is another user's.
        case refuse
        /// Ask the table, alone or together with others.
        case load(LoadPlan, joining: Token?, Outcome)
    }

    /// What to do with the value of the key.
    enum Step: Hashable {
        /// Decode the session in the entry with this header and age, and tell `sessionOpened`. `isDue`: should it answer, renew it behind the answer.
        case open(EntryHeader, age: Duration, isDue: Bool)
        /// Nothing more is in it.
        case decided(Action)
    }

    let caller: Caller
    let policy: CachePolicy

    /// The key's value has arrived, from a server of this epoch. It is only taken where the table is asked.
    @inline(always)
    func replyReceived(_ state: CachedState, bytes: @autoclosure () -> [UInt8]?, epoch: UInt64, now: Timestamp) -> Step {
        switch state {
        case .none: .decided(.load(.fill(over: nil), joining: nil, .miss))
        case .lease(let token): .decided(.load(.bypass, joining: token, .bypass))
        case .intent: .decided(.load(.bypass, joining: nil, .bypass))
        case .bad: .decided(.load(.fill(over: bytes()), joining: nil, .bad))
        case .entry(let header): self.entryFound(header, bytes: bytes() ?? [], epoch: epoch, now: now)
        }
    }

    /// The payload of a live entry was decoded; nil: it is bad.
    @inline(always)
    func sessionOpened(_ session: borrowing Session?, bytes: @autoclosure () -> [UInt8]) -> Action {
        switch session?.admits(self.caller) {
        case true?: .answer(.hit)
        case false?: .refuse
        case nil: .load(.fill(over: bytes()), joining: nil, .bad)
        }
    }

    /// Redis did not answer, or with an error.
    func replyFailed() -> Action {
        .load(.bypass, joining: nil, .failed)
    }

    /// The breaker is open: Redis was not asked.
    func cacheRefused() -> Action {
        .load(.bypass, joining: nil, .skipped)
    }

    @inline(always)
    private func entryFound(_ header: EntryHeader, bytes: @autoclosure () -> [UInt8], epoch: UInt64, now: Timestamp) -> Step {
        if let end = header.end, end <= now { return .decided(.load(.fill(over: bytes()), joining: nil, .bad)) }
        let age = now - header.cachedAt
        let isOfThisServer = header.epoch == epoch || !self.policy.checksEpoch
        guard age <= self.policy.revalidateAfter, age >= .zero - self.policy.clockTolerance, isOfThisServer else {
            return .decided(.load(.recheck(seen: bytes(), epoch: epoch), joining: nil, .recheck))
        }
        switch header.kind {
        case .absent: return .decided(.answer(.absent))
        case .tombstone: return .decided(.answer(.tombstone))
        case .live: return .open(header, age: age, isDue: self.policy.refreshAfter.map { age > $0 } ?? false)
        }
    }
}

/// What a load of one session does beside asking the table.
enum LoadPlan: Hashable, Sendable {
    /// Take the lease, over the bad bytes that were seen or over nothing, and fill.
    case fill(over: [UInt8]?)
    /// Nothing: a writer or another reader has the key, or Redis does not answer.
    case bypass
    /// Replace the entry with these bytes, seen at a server of this epoch, which was too old to answer unchecked or from another server.
    case recheck(seen: [UInt8], epoch: UInt64)
}
