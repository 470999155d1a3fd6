/// Remembered fields in the two items that hold them: the user's memory (`user#<user id>`), which is authoritative and written first, and the
/// session, whose copy counts only where the memory has no record.
package struct FieldMemory: Sendable {
    private let store: any SessionStore
    private let clock: any SessionClock

    /// A memory kept in `store`, dated by `clock`.
    package init(_ store: any SessionStore, clock: any SessionClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// The two items of a call, as they were read.
    package struct Items: Sendable {
        /// The session's id.
        package var id: SessionID
        /// Whose memory; nil: the user is not known.
        package var user: UserID?
        /// The memory: nil when the user is not known, `.some(nil)` when there is none yet.
        package var memory: Session??
        /// The session; nil: there is none yet.
        package var session: Session?

        /// What both say together of a field. Throws `.malformedItem`.
        package func recall(_ field: RememberedField) throws(SessionStoreError) -> Recollection {
            try FieldRules.recall(field, memory: self.memory, session: self.session)
        }
    }

    /// Reads both items. Throws `.notOwner` for another user's session, and what the store throws.
    package func items(
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

    /// Remembers values, in the memory first, then in the session, which a known user claims by this.
    ///
    /// `isFenced`: only if nobody has written the item that decides (the memory; without a user the session) since `items` was read; throws
    /// `.conflict` otherwise, with nothing written. `other`: what else changes in the session, in the same write of it.
    @discardableResult
    package func remember(
        _ values: [RememberedField: FieldValue], in items: Items, as caller: Caller, isFenced: Bool = false,
        beside other: SessionWrite.Change? = nil
    ) async throws(SessionStoreError) -> WriteResult {
        let now = self.clock.now
        var (set, remove): (SessionData, Set<String>) = ([:], [])
        for (field, value) in values {
            // What cannot be read is replaced, and leaves no trace.
            let part = FieldRules.remember(field, value, over: (try? items.recall(field))?.current?.value, at: now)
            set.merge(part.set) { $1 }
            remove.formUnion(part.remove)
        }
        let change = SessionWrite.Change.update(set: set, remove: remove)
        let inSession = other.map { $0.adding(set, remove: remove) } ?? change
        return try await self.write(change, inSession, to: items, caller, isFenced: isFenced)
    }

    /// Forgets a field, in the memory first. False when there was nothing to forget in either. `items` have to be read strongly.
    package func forget(
        _ field: RememberedField, in items: Items, as caller: Caller, turn: String? = nil
    ) async throws(SessionStoreError) -> Bool {
        let existed = [items.memory ?? nil, items.session].contains { $0?.data[field.name] != nil }
        let mark = FieldRules.forgetInMemory(field, at: self.clock.now, copies: [items.memory ?? nil, items.session], turn: turn)
        if items.session == nil {
            // No session is begun for the sake of forgetting.
            if let user = items.user { _ = try await self.store.write(SessionWrite(.user(user), mark, as: caller)) }
        } else {
            try await self.write(mark, FieldRules.forgetInSession(field, turn: turn), to: items, caller)
        }
        return existed
    }

    /// Changes bookkeeping in the session alone, if nobody has written it since `items` was read; throws `.conflict` otherwise.
    @discardableResult
    package func note(
        set: SessionData, remove: Set<String>, in items: Items, as caller: Caller
    ) async throws(SessionStoreError) -> WriteResult {
        let expectation = SessionWrite.Expectation(items.session)
        return try await self.store.write(
            SessionWrite(.session(items.id), .update(set: set, remove: remove), as: caller, onlyIf: expectation))
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
        _ memory: SessionWrite.Change, _ session: SessionWrite.Change, to items: Items, _ caller: Caller, isFenced: Bool = false
    ) async throws(SessionStoreError) -> WriteResult {
        var pending = false
        if let user = items.user {
            let fence = isFenced ? SessionWrite.Expectation(items.memory ?? nil) : nil
            pending = try await self.store.write(SessionWrite(.user(user), memory, as: caller, onlyIf: fence)).cache == .pending
        }
        let fence = isFenced && items.user == nil ? SessionWrite.Expectation(items.session) : nil
        var result = try await self.store.write(SessionWrite(.session(items.id), session, as: caller, onlyIf: fence))
        if pending { result.cache = .pending }
        return result
    }
}

extension SessionWrite.Change {
    /// This change with further fields, which count where both name one.
    fileprivate func adding(_ set: SessionData, remove: Set<String>) -> SessionWrite.Change {
        switch self {
        case .update(let others, let removed):
            return .update(
                set: others.filter { !remove.contains($0.key) }.merging(set) { $1 }, remove: removed.subtracting(set.keys).union(remove))
        case .replace(let data): return .replace(data.merging(set) { $1 })
        case .touch, .delete: return .update(set: set, remove: remove)
        }
    }
}
