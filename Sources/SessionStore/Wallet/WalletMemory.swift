/// The wallet that an agent remembers: in the session and, when the user is known, in that user's memory, which outlives sessions.
///
/// With a known user the memory (`user#<user id>`) is authoritative and written first; the session holds a copy that counts only where the memory has
/// no record. Forgetting leaves a dated mark in the memory that outranks older copies in other sessions. A call has succeeded when both are written.
/// Operators act on the memory of the session's owner.
public struct WalletMemory: Sendable {
    private let store: any SessionStore
    private let clock: any SessionClock

    /// A memory kept in `store`, dated by `clock`.
    public init(_ store: any SessionStore, clock: any SessionClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// What is remembered. Throws `.notOwner` for another user's session, `.malformedItem` for a stored address that is none, and what the store throws.
    public func recall(
        session id: SessionID, as caller: Caller, consistency: ReadConsistency = .cached
    ) async throws(SessionStoreError) -> WalletRecollection {
        let items = try await self.items(id, caller, consistency)
        return try WalletRules.recall(memory: items.memory, session: items.session)
    }

    /// Remembers a wallet: in the user's memory first, then in the session, which a known user claims by this.
    ///
    /// If it throws, the memory may have it already: call again. Throws `.notOwner` for another user's session, and what the store throws.
    @discardableResult
    public func remember(
        _ wallet: WalletAddress, session id: SessionID, as caller: Caller
    ) async throws(SessionStoreError) -> WriteResult {
        // The session is read first: nothing is written to a memory on behalf of somebody else's session.
        let items = try await self.items(id, caller, .cached)
        let change = WalletRules.remember(wallet, at: self.clock.now)
        return try await self.write(change, change, to: items, caller)
    }

    /// Forgets the wallet, in the user's memory first. False when there was nothing to forget in either.
    ///
    /// If it throws, the memory may have forgotten already: call again. Throws `.notOwner` for another user's session, and what the store throws.
    @discardableResult
    public func forget(session id: SessionID, as caller: Caller) async throws(SessionStoreError) -> Bool {
        let items = try await self.items(id, caller, .strong)
        let existed = [items.memory ?? nil, items.session].contains { $0?.data[WalletFields.address] != nil }
        let mark = WalletRules.forgetInMemory(at: self.clock.now, copies: [items.memory ?? nil, items.session])
        if items.session == nil {
            // No session is begun for the sake of forgetting.
            if let user = items.user { _ = try await self.store.write(SessionWrite(.user(user), mark, as: caller)) }
        } else {
            try await self.write(mark, WalletRules.forgetInSession, to: items, caller)
        }
        return existed
    }

    /// The two items of a call; `memory` is nil when the user is not known.
    private struct Items {
        var id: SessionID
        var user: UserID?
        var memory: Session??
        var session: Session?
    }

    private func items(
        _ id: SessionID, _ caller: Caller, _ consistency: ReadConsistency
    ) async throws(SessionStoreError) -> Items {
        switch caller {
        case .anonymous:
            return Items(id: id, session: try await self.store.session(.session(id), as: caller, consistency: consistency))
        case .user(let user):
            // Both at once: this stands in each turn of a conversation.
            async let reading = self.attempt(.user(user), caller, consistency)
            let found = await self.attempt(.session(id), caller, consistency)
            let known = await reading
            let session = try found.get()
            return Items(id: id, user: user, memory: .some(try known.get()), session: session)
        case .asOperator:
            let session = try await self.store.session(.session(id), as: caller, consistency: consistency)
            guard let owner = session?.owner else { return Items(id: id, session: session) }
            let memory = try await self.store.session(.user(owner), as: caller, consistency: consistency)
            return Items(id: id, user: owner, memory: .some(memory), session: session)
        }
    }

    private func attempt(
        _ key: SessionKey, _ caller: Caller, _ consistency: ReadConsistency
    ) async -> Result<Session?, SessionStoreError> {
        do throws(SessionStoreError) {
            return .success(try await self.store.session(key, as: caller, consistency: consistency))
        } catch {
            return .failure(error)
        }
    }

    @discardableResult
    private func write(
        _ memory: SessionWrite.Change, _ session: SessionWrite.Change, to items: Items, _ caller: Caller
    ) async throws(SessionStoreError) -> WriteResult {
        var pending = false
        if let user = items.user {
            pending = try await self.store.write(SessionWrite(.user(user), memory, as: caller)).cache == .pending
        }
        var result = try await self.store.write(SessionWrite(.session(items.id), session, as: caller))
        if pending { result.cache = .pending }
        return result
    }
}
