import Locked
package import SessionStore

/// Remembers which keys were written to another store, so that they can be removed.
package final class RecordingStore: SessionStore {
    private let base: any SessionStore
    private let written = Locked<Set<SessionKey>>([])

    /// In front of that store.
    package init(_ base: any SessionStore) {
        self.base = base
    }

    /// The keys that a write was tried on.
    package var keys: Set<SessionKey> { self.written.withLock { $0 } }

    package func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try await self.base.read(read)
    }

    package func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    package func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        _ = self.written.withLock { $0.insert(write.key) }
        return try await self.base.write(write)
    }
}
