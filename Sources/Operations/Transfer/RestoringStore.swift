import AWS
import Dynamo
import SessionStore

/// The table as an import writes it: one whole item, under what was seen there. In front of it stands the same cache as in front of the table, so that a restored
/// session is announced and published as any write is.
struct RestoringStore: SessionStore {
    let dynamo: DynamoStore
    let whole: DynamoStore.WholeItem
    let found: TableItem?

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try await self.dynamo.read(read)
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.dynamo.read(batch: keys, as: caller, consistency: consistency)
    }

    /// Writes the item, whatever the change says. Throws `.conflict` where the table has something else than was seen.
    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        try await write.beforeAttempt?()
        do throws(DynamoError) {
            guard try await self.dynamo.restore(self.whole, over: self.found) else { throw Self.raced }
        } catch {
            throw error.storeError
        }
        // Without a version the cache is not told what it is, only that something was written.
        let session: Session? = if case .live(let session) = self.whole.item.state { session } else { nil }
        return WriteResult(session: session, version: session?.version ?? SessionVersion(1), changed: true)
    }

    private static var raced: DynamoError {
        DynamoError(
            SessionStoreError(.conflict, "the session was written while it was imported: import it again"), code: "conflict",
            outcome: .refused)
    }
}
