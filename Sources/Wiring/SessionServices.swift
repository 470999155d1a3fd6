package import AWS
package import Adapter
package import CacheStore
package import Dynamo
package import EventLoop
package import Logging
package import Redis
package import SessionStore
package import Settings

/// The store that settings ask for, with its connections, in programs without an embedded store.
package struct SessionServices: Sendable {
    /// The store, behind its cache if there is one.
    package let store: any SessionStore
    /// The source of truth alone, past the cache.
    package let table: any SessionStore
    /// The cache alone, to look at; nil: there is none.
    package let cache: (any SessionStore)?
    /// What actions beside the built-in ones need.
    package let actions: ActionServices
    /// The time that the store goes by.
    package let clock: LoopClock
    /// The table, where DynamoDB has it.
    package let dynamo: DynamoStore?
    /// The client of the cache's server; nil: there is no cache.
    package let redis: RedisClient?
    /// What the cache does, for tools; nil: there is no cache.
    package let core: CacheCore<RedisCommands>?
    /// Releases what the identity of the cache's client holds.
    let closeIdentity: @Sendable () async -> Void
    /// Ends what the cache does in the background.
    let endCache: @Sendable () async -> Void
    let logger: Logger

    /// Makes the store; nothing is sent yet, but for a near cache's request to be told of changes. Throws every problem of the configuration, in sentences that hold no value.
    ///
    /// - Parameters:
    ///   - settings: Which store, which cache.
    ///   - loop: Where connections live.
    ///   - environment: The AWS variables.
    ///   - logger: For what an operator may want to see.
    ///   - embedded: The opened store of a program that has one on SQLite; it goes by the system clock.
    ///   - region: The table's, where neither variables nor profile name one.
    ///   - isFrozen: Whether the process is frozen as soon as it has answered, as a Lambda is: then the cache does nothing behind an answer.
    ///   - schema: The action group's schema, of a program that has read it; nil: settings say where it is.
    ///   - cachePatience: How long a command waits for Redis; nil: as long as `RedisConfiguration` has it.
    package init(
        _ settings: Settings, loop: UVLoop, environment: Environment, logger: Logger, embedded: (any SessionStore)? = nil,
        region: String? = nil, isFrozen: Bool = false, schema: ActionSchema? = nil, cachePatience: Duration? = nil
    ) throws(SettingsError) {
        let clock = SystemClock()
        self.clock = LoopClock(clock, loop: loop)
        self.logger = logger
        let region = Self.region(settings, environment) ?? region
        var problems: [String] = []
        var truth: (any SessionStore)?
        do throws(SessionStoreError) {
            truth = if let embedded { embedded } else { try Self.truth(settings, loop, environment, region, clock, logger) }
        } catch {
            problems.append(error.message)
        }
        let parts = Self.redis(settings, loop, environment, clock, logger, patience: cachePatience, &problems)
        let actions = ActionServices(settings.actions, schema: schema, loop: loop, environment: environment, &problems)
        self.actions = actions
        guard problems.isEmpty, let truth else { throw SettingsError(problems) }
        self.dynamo = truth as? DynamoStore
        self.table = truth
        let redis = parts?.client
        self.redis = redis
        self.closeIdentity = { await parts?.close() }
        do throws(SessionStoreError) {
            if let redis {
                let refresh: CacheConfiguration.Refresh = isFrozen ? .inline : .background
                (self.store, self.cache, self.core, self.endCache) = try Self.cache(
                    truth, redis, settings, region, refresh, self.clock, logger)
            } else {
                (self.store, self.cache, self.core, self.endCache) = (truth, nil, nil, {})
            }
        } catch {
            throw SettingsError([error.message])
        }
    }

    /// As `init`; where no setting names the region of a table, the EC2 instance that this may be is asked for it.
    package static func open(
        _ settings: Settings, loop: UVLoop, environment: Environment, logger: Logger, embedded: (any SessionStore)? = nil,
        isFrozen: Bool = false, schema: ActionSchema? = nil, cachePatience: Duration? = nil
    ) async throws(SettingsError) -> SessionServices {
        var region: String?
        if embedded == nil, settings.store == .dynamodb {
            region = await AWSRegion.find(explicit: nil, environment: environment, loop: loop)
        }
        return try SessionServices(
            settings, loop: loop, environment: environment, logger: logger, embedded: embedded, region: region, isFrozen: isFrozen,
            schema: schema, cachePatience: cachePatience)
    }

    /// The region of the table; nil: the store has none, or none is configured, which the store itself complains about.
    private static func region(_ settings: Settings, _ environment: Environment) -> String? {
        guard settings.store == .dynamodb else { return nil }
        return try? AWSServiceConfiguration.resolve(service: "dynamodb", environment: environment).region
    }

    private static func truth(
        _ settings: Settings, _ loop: UVLoop, _ environment: Environment, _ region: String?, _ clock: SystemClock, _ logger: Logger
    ) throws(SessionStoreError) -> any SessionStore {
        switch settings.store {
        case .memory:
            return MemoryStore(timeToLive: settings.timeToLive, clock: LoopClock(clock, loop: loop))
        case .sqlite:
            throw SessionStoreError(.misconfigured, "\(SettingKey.store.rawValue): there is no SQLite in this program, choose dynamodb")
        case .dynamodb:
            let table = settings.table ?? Settings.defaultTable
            let configuration = DynamoConfiguration(table: table, region: region, timeToLive: settings.timeToLive)
            return try DynamoStore(loop: loop, configuration: configuration, environment: environment, clock: clock, logger: logger)
        }
    }

    private static func cache(
        _ truth: some SessionStore, _ redis: RedisClient, _ settings: Settings, _ region: String?,
        _ refresh: CacheConfiguration.Refresh, _ clock: LoopClock, _ logger: Logger
    ) throws(SessionStoreError) -> (
        store: any SessionStore, cache: any SessionStore, core: CacheCore<RedisCommands>, end: @Sendable () async -> Void
    ) {
        var configuration = CacheConfiguration(table: CacheName.of(settings))
        configuration.region = region ?? "local"
        if case .keys(let ring) = settings.seal { configuration.seal = SealKeys(ring) }
        configuration.refresh = refresh
        configuration.revalidateAfter = settings.revalidateAfter ?? configuration.revalidateAfter
        configuration.nearCache = settings.nearCacheEntries.map { entries in
            var near = CacheConfiguration.NearCache(entries: entries)
            near.maxAge = settings.nearCacheMaxAge ?? near.maxAge
            return near
        }
        switch settings.writePolicy {
        case .available: configuration.writePolicy = .available
        case .consistent: configuration.writePolicy = .consistent
        }
        let store = try CacheStore(base: truth, redis: redis, configuration: configuration, clock: clock, logger: logger)
        return (store, CachedTier(store), store.core, { await store.shutdown() })
    }
}
