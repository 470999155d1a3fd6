import EventLoop
import SessionStore

/// An open store and its tiers.
struct Stores: Sendable {
    /// What everything goes through.
    var store: any SessionStore
    /// The source of truth alone.
    var table: any SessionStore
    /// The cache alone, to look at; nil: there is none.
    var cache: (any SessionStore)?
    /// The loop that the store's network calls run on; nil: it makes none.
    var loop: UVLoop?
    /// Releases what the store holds.
    var close: @Sendable () async -> Void

    /// The store, or one tier of it. Throws a usage failure for a cache that is not there.
    func looking(at tier: Tier?) throws(CommandFailure) -> any SessionStore {
        switch tier {
        case nil: return self.store
        case .table: return self.table
        case .cache:
            guard let cache = self.cache else {
                throw .usage("there is no cache to look at: name one with --redis or BEDROCK_SESSIONS_REDIS_URL")
            }
            return cache
        }
    }
}
