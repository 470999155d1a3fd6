import CacheStore
import SessionStore

/// The cache alone, to look at: it answers with what it holds and asks nobody else.
struct CachedTier<Base: SessionStore>: SessionStore {
    private let cache: CacheStore<Base>

    init(_ cache: CacheStore<Base>) {
        self.cache = cache
    }

    /// The cached copy; nil: there is none. Throws `.unavailable` when the cache does not answer: that is not "no copy".
    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try await self.cache.cachedSession(read.key, as: read.caller)
    }

    /// The cached copies.
    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        var answers: [SessionKey: Result<Session?, SessionStoreError>] = [:]
        for key in Set(keys) {
            do throws(SessionStoreError) {
                answers[key] = .success(try await self.cache.cachedSession(key, as: caller))
            } catch {
                answers[key] = .failure(error)
            }
        }
        return answers
    }

    /// Always throws: a write belongs to the store.
    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        throw SessionStoreError(.misconfigured, "the cache alone can be looked at, not written: leave --tier out")
    }
}
