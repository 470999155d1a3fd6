extension SessionStore {
    /// Reads a session; nil when there is none.
    @inlinable
    @inline(always)
    public func session(
        _ key: SessionKey, as caller: Caller = .anonymous, consistency: ReadConsistency = .cached
    ) async throws(SessionStoreError) -> Session? {
        try await self.read(SessionRead(key, as: caller, consistency: consistency))
    }

    /// Sets and removes single fields; creates the session if there is none.
    @discardableResult
    public func update(
        _ key: SessionKey, set: SessionData = [:], remove: Set<String> = [], as caller: Caller = .anonymous
    ) async throws(SessionStoreError) -> WriteResult {
        try await self.write(SessionWrite(key, .update(set: set, remove: remove), as: caller))
    }

    /// Replaces all fields; creates the session if there is none.
    @discardableResult
    public func replace(
        _ key: SessionKey, with data: SessionData, as caller: Caller = .anonymous
    ) async throws(SessionStoreError) -> WriteResult {
        try await self.write(SessionWrite(key, .replace(data), as: caller))
    }

    /// Extends a live session to a full time to live from now. `changed` is false when there is none.
    @discardableResult
    public func touch(_ key: SessionKey, as caller: Caller = .anonymous) async throws(SessionStoreError) -> WriteResult {
        try await self.write(SessionWrite(key, .touch, as: caller))
    }

    /// Removes a session. `changed` is false when there was none.
    @discardableResult
    public func delete(_ key: SessionKey, as caller: Caller = .anonymous) async throws(SessionStoreError) -> WriteResult {
        try await self.write(SessionWrite(key, .delete, as: caller))
    }
}
