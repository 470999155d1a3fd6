import CacheStore
import Dynamo
import Redis
import SessionStore

/// What one event loop has of the store: connections of its own, and the store on them.
struct StoreLane: Sendable {
    /// The store, behind its cache if there is one.
    let store: any SessionStore
    /// The table, where DynamoDB has it.
    let dynamo: DynamoStore?
    /// The client of the cache's server; nil: there is no cache.
    let redis: RedisClient?
    /// The cache alone, to look at; nil: there is none.
    let cache: (any SessionStore)?
    /// What the cache does, for tools; nil: there is no cache.
    let core: CacheCore<RedisCommands>?
    /// Ends what the cache does in the background.
    let endCache: @Sendable () async -> Void

    /// What goes past a cache.
    init(_ truth: any SessionStore) {
        (self.store, self.dynamo) = (truth, truth as? DynamoStore)
        (self.redis, self.cache, self.core, self.endCache) = (nil, nil, nil, {})
    }

    /// What goes through one.
    init<Base>(_ cache: CacheStore<Base>, _ redis: RedisClient) {
        (self.store, self.dynamo, self.redis) = (cache, cache.base as? DynamoStore, redis)
        (self.cache, self.core, self.endCache) = (CachedTier(cache), cache.core, { await cache.shutdown() })
    }

    /// Ends what goes on, then the connections: what the cache has still to tell goes over one.
    func close() async {
        await self.endCache()
        await self.redis?.close()
        await self.dynamo?.close()
    }
}
