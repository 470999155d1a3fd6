import Locked
import SessionStore

/// A store in memory whose reads or writes can be made to fail, or to wait until they are cancelled.
final class FailingStore: SessionStore {
    private let base = MemoryStore()
    private let state = Locked(State())

    private struct State {
        var readError: SessionStoreError?
        var writeError: SessionStoreError?
        var hangs = false
        var age: Duration?
    }

    func fail(reads: SessionStoreError? = nil, writes: SessionStoreError? = nil) {
        self.state.withLock { ($0.readError, $0.writeError) = (reads, writes) }
    }

    /// From now on every call waits until its task is cancelled.
    func hang() {
        self.state.withLock { $0.hangs = true }
    }

    /// From now on sessions are read as from a cache in front of a table that does not answer.
    func answer(aged age: Duration) {
        self.state.withLock { $0.age = age }
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try await self.pass { $0.readError }
        let age = self.state.withLock { $0.age }
        guard let age else { return try await self.base.read(read) }
        guard read.consistency == .cached else { throw SessionStoreError(.unavailable, "the table does not answer") }
        var session = try await self.base.read(read)
        session?.origin = .stale(age: age)
        return session
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.pass { $0.readError }
        return try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        try await self.pass { $0.writeError }
        return try await self.base.write(write)
    }

    private func pass(_ error: (State) -> SessionStoreError?) async throws(SessionStoreError) {
        let (error, hangs) = self.state.withLock { (error($0), $0.hangs) }
        if let error { throw error }
        guard hangs else { return }
        // A stream that never yields ends when its reader is cancelled.
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw SessionStoreError(.cancelled, "the caller was cancelled")
    }
}
