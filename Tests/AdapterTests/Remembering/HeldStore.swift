import Locked
import SessionStore
import TestSupport

/// A store whose first strong reads of a session answer together, so that their callers decide on the same. Counts who took a pending change away.
final class HeldStore: SessionStore {
    private let base: any SessionStore
    private let gate = Gate()
    private let state: Locked<(waiting: Int, spent: Int)>

    init(_ base: any SessionStore, reads: Int) {
        self.base = base
        self.state = Locked((reads, 0))
    }

    /// How many writes that remove nothing but a pending change were kept.
    var codesSpent: Int { self.state.withLock { $0.spent } }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let session = try await self.base.read(read)
        guard read.consistency == .strong, read.key.memoryOwner == nil else { return session }
        let isLast = self.state.withLock { state in
            state.waiting -= 1
            return state.waiting == 0
        }
        if isLast { self.gate.open() }
        await self.gate.pass()
        return session
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        let result = try await self.base.write(write)
        if write.change == .update(set: [:], remove: ["wallet_pending"]) { self.state.withLock { $0.spent += 1 } }
        return result
    }
}
