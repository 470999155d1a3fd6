import Locked
import SessionStore

/// A store in front of whose first write somebody else writes.
final class RacingStore: SessionStore {
    typealias Writer = @Sendable (any SessionStore) async throws(SessionStoreError) -> Void

    private let base: any SessionStore
    private let writer: Locked<Writer?>

    init(_ base: any SessionStore, writer: @escaping Writer) {
        self.base = base
        self.writer = Locked(writer)
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try await self.base.read(read)
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        let writer = self.writer.withLock { writer in
            defer { writer = nil }
            return writer
        }
        try await writer?(self.base)
        return try await self.base.write(write)
    }
}
