internal import Locked
package import SessionStore

/// A store in front of another one that can be taken away, and that lies on demand: what the contract of stores has to notice.
package final class FaultyStore: SessionStore {
    /// A rule that the store breaks.
    package enum Lie: String, CaseIterable, Sendable {
        // Fields.
        case dropsField, dropsRemovals, keepsReplacedFields, mergesMaps, losesRaces
        // Life and death.
        case neverDeletes, touchBegins, cacheServesExpired, batchServesExpired, readsExtend, expirationOffTheSecond
        // Owners.
        case readIgnoresOwner, batchIgnoresOwner, writeIgnoresOwner, neverClaims, losersWin
        // Freshness.
        case versionsOff, cacheIsBehind, batchIsBehind
        // Batches and sizes.
        case batchForgets, batchEndsAt16MB, truncates, acceptsTooLarge
        // Errors.
        case acceptsInvalid, refusesAsAccessDenied, tellsIDs
        // Outages.
        case outageIsNil, outageIsNilInBatch, outageAcknowledges, outageKeeps
        // Cancellation, and what a cache adds to a write.
        case nilWhenCancelled, hidesCancelledWrite, ignoresBeforeAttempt, trustsBasis, ignoresExpectation
    }

    /// What it remembers in order to lie.
    struct Memory: Sendable {
        var last: [SessionKey: Session] = [:]
        var before: [SessionKey: Session] = [:]
    }

    let base: any SessionStore
    let lie: Lie?
    let memory = Locked(Memory())
    private let isAway = Locked(false)

    /// A store in front of `base`; honest without a lie.
    package init(_ base: any SessionStore, lie: Lie? = nil) {
        self.base = base
        self.lie = lie
    }

    /// Takes what lies behind it away, or brings it back.
    package func setOutage(_ isAway: Bool) {
        self.isAway.withLock { $0 = isAway }
    }

    var isOut: Bool { self.isAway.withLock { $0 } }

    package func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        // Two awaits, as a store has that asks a server.
        await Task.yield()
        if self.lie == .nilWhenCancelled && Task.isCancelled { return nil }
        if self.isOut {
            if self.lie == .outageIsNil { return nil }
            throw Self.unavailable
        }
        let answer = try await self.honestly(self.lie == .readIgnoresOwner, read.caller) { (caller) throws(SessionStoreError) in
            try await self.base.read(SessionRead(read.key, as: caller, consistency: read.consistency))
        }
        await Task.yield()
        if self.lie == .readsExtend { _ = try await self.base.touch(read.key, as: .asOperator) }
        guard read.consistency == .cached else { return answer }
        return self.cached(answer, read.key, servesExpired: self.lie == .cacheServesExpired, isBehind: self.lie == .cacheIsBehind)
    }

    package func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        await Task.yield()
        if self.isOut {
            guard self.lie == .outageIsNilInBatch else { throw Self.unavailable }
            return Dictionary(uniqueKeysWithValues: Set(keys).map { ($0, .success(nil)) })
        }
        let asked = self.lie == .batchForgets ? Array(keys.prefix(100)) : keys
        var answers = try await self.base.read(
            batch: asked, as: self.lie == .batchIgnoresOwner ? .asOperator : caller, consistency: consistency)
        var bytes = 0
        for (key, answer) in answers {
            guard case .success(var session) = answer else { continue }
            session = self.cached(session, key, servesExpired: self.lie == .batchServesExpired, isBehind: self.lie == .batchIsBehind)
            bytes += session?.data.values.reduce(0) { $0 + ($1.string?.utf8.count ?? 0) } ?? 0
            answers[key] = .success(self.lie == .batchEndsAt16MB && bytes > 16 << 20 ? nil : session)
        }
        return answers
    }

    /// What a cache would say that ignores ends, or one that is a write behind.
    private func cached(_ session: Session?, _ key: SessionKey, servesExpired: Bool, isBehind: Bool) -> Session? {
        let memory = self.memory.withLock { $0 }
        if servesExpired, session == nil { return memory.last[key] }
        if isBehind, session != nil { return memory.before[key] ?? session }
        return session
    }

    /// Calls as the caller, and if this is to be ignored and was refused, as an operator.
    func honestly<Answer>(
        _ ignoresOwner: Bool, _ caller: Caller, _ call: (Caller) async throws(SessionStoreError) -> Answer
    ) async throws(SessionStoreError) -> Answer {
        do throws(SessionStoreError) {
            return try await call(caller)
        } catch {
            if ignoresOwner && error.code == .notOwner { return try await call(.asOperator) }
            if self.lie == .refusesAsAccessDenied && error.code == .notOwner { throw SessionStoreError(.accessDenied, error.message) }
            throw error
        }
    }

    static let unavailable = SessionStoreError(.unavailable, "the store was taken away by a test")
}
