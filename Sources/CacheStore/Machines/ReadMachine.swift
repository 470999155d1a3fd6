internal import SessionStore

/// What one read does with what the key held: the row "read" of the state table in DESIGN section 3.
struct ReadMachine {
    /// Why the read ended as it did, for metrics.
    enum Outcome: Int, CaseIterable, Sendable {
        case hit, absent, tombstone, miss, recheck, bypass, bad, failed, refused

        /// Its name in metrics.
        var label: String { "\(self)" }
    }

    /// What to do now.
    enum Action: Hashable {
        /// Answer this.
        case answer(Session?, Outcome)
        /// The session is another user's.
        case refuse
        /// Ask the table, alone or together with others.
        case load(LoadPlan, joining: Token?, Outcome)
    }

    let caller: Caller
    let policy: CachePolicy

    // Inlined, so that a session on its way from decoder to caller is moved once, not copied at each step.

    /// The key's value has arrived.
    @inline(__always)
    func replyReceived(_ state: consuming CachedState, bytes: [UInt8]?, now: Timestamp) -> Action {
        switch consume state {
        case .none: .load(.fill(over: nil), joining: nil, .miss)
        case .lease(let token): .load(.bypass, joining: token, .bypass)
        case .intent: .load(.bypass, joining: nil, .bypass)
        case .bad: .load(.fill(over: bytes), joining: nil, .bad)
        case .entry(let entry): self.entryFound(entry, bytes: bytes ?? [], now: now)
        }
    }

    /// Redis did not answer, or with an error.
    func replyFailed() -> Action {
        .load(.bypass, joining: nil, .failed)
    }

    @inline(__always)
    private func entryFound(_ entry: consuming CacheEntry, bytes: [UInt8], now: Timestamp) -> Action {
        if let end = entry.end, end <= now { return .load(.fill(over: bytes), joining: nil, .bad) }
        let age = now - entry.cachedAt
        guard age <= self.policy.revalidateAfter, age >= .zero - self.policy.clockTolerance, entry.epoch == self.policy.epoch else {
            return .load(.recheck(seen: bytes), joining: nil, .recheck)
        }
        switch entry.content {
        case .absent: return .answer(nil, .absent)
        case .tombstone: return .answer(nil, .tombstone)
        case .live(var session):
            guard session.admits(self.caller) else { return .refuse }
            session.origin = .cache(age: max(age, .zero))
            return .answer(session, .hit)
        }
    }
}

/// What a load of one session does beside asking the table.
enum LoadPlan: Hashable, Sendable {
    /// Take the lease, over the bad bytes that were seen or over nothing, and fill.
    case fill(over: [UInt8]?)
    /// Nothing: a writer or another reader has the key, or Redis does not answer.
    case bypass
    /// Replace the entry with these bytes, which was too old to answer unchecked.
    case recheck(seen: [UInt8])
}
