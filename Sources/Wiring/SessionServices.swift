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
    /// The store, behind its cache if there is one; with several loops, spread over them.
    package let store: any SessionStore
    /// The source of truth alone, past the cache.
    package let table: any SessionStore
    /// What actions beside the built-in ones need.
    package let actions: ActionServices
    /// The time that the store goes by.
    package let clock: LoopClock
    /// What each loop has, the first one's first: tools use that one.
    let lanes: [StoreLane]
    /// Releases what all of them share: the credentials' sources.
    let closeShared: @Sendable () async -> Void
    let logger: Logger

    /// The cache alone, to look at; nil: there is none.
    package var cache: (any SessionStore)? { self.lanes[0].cache }
    /// The table, where DynamoDB has it.
    package var dynamo: DynamoStore? { self.lanes[0].dynamo }
    /// The client of the cache's server; nil: there is no cache.
    package var redis: RedisClient? { self.lanes[0].redis }
    /// What the cache does, for tools; nil: there is no cache.
    package var core: CacheCore<RedisCommands>? { self.lanes[0].core }

    /// Makes the store; nothing is sent yet, but for a near cache's request to be told of changes. Throws every problem of the configuration, in sentences that hold no value.
    ///
    /// - Parameters:
    ///   - settings: Which store, which cache.
    ///   - loop: Where connections live.
    ///   - others: Further loops, over which the store is spread: each has connections, flights and breakers of its own, and its share of the near cache.
    ///     Credentials, the clock and the action group's API are the first loop's for all.
    ///   - environment: The AWS variables.
    ///   - logger: For what an operator may want to see.
    ///   - embedded: The opened store of a program that has one on SQLite; it goes by the system clock.
    ///   - region: The table's, where neither variables nor profile name one.
    ///   - isFrozen: Whether the process is frozen as soon as it has answered, as a Lambda is: then the cache does nothing behind an answer.
    ///   - schema: The action group's schema, of a program that has read it; nil: settings say where it is.
    ///   - cachePatience: How long a command waits for Redis; nil: as long as `RedisConfiguration` has it.
    package init(
        _ settings: Settings, loop: UVLoop, others: [UVLoop] = [], environment: Environment, logger: Logger,
        embedded: (any SessionStore)? = nil, region: String? = nil, isFrozen: Bool = false, schema: ActionSchema? = nil,
        cachePatience: Duration? = nil
    ) throws(SettingsError) {
        let clock = SystemClock()
        self.clock = LoopClock(clock, loop: loop)
        self.logger = logger
        let region = Self.region(settings, environment) ?? region
        var problems: [String] = []
        var truth: Truth?
        do throws(SessionStoreError) {
            truth = try Truth(settings, embedded, loop, environment, region, clock, logger)
        } catch {
            problems.append(error.message)
        }
        let redis = Self.redis(settings, loop, environment, clock, patience: cachePatience, &problems)
        let actions = ActionServices(settings.actions, schema: schema, loop: loop, environment: environment, &problems)
        self.actions = actions
        guard problems.isEmpty, let truth else { throw SettingsError(problems) }
        self.table = truth.store
        self.closeShared = {
            await redis?.close()
            await truth.close()
        }
        do throws(SessionStoreError) {
            var lanes: [StoreLane] = []
            for lane in [loop] + others {
                let base = lanes.isEmpty ? truth.store : try truth.again(lane)
                guard let redis else {
                    lanes.append(StoreLane(base))
                    continue
                }
                var configuration = Self.cacheConfiguration(settings, region, loops: others.count + 1)
                if isFrozen { configuration.refresh = .inline }
                lanes.append(
                    try Self.lane(base, redis.client(on: lane, logger), configuration, LoopClock(clock, loop: lane), logger))
            }
            self.lanes = lanes
            self.store = lanes.count == 1 ? lanes[0].store : try SpreadStore(lanes.map(\.store))
        } catch {
            throw SettingsError([error.message])
        }
    }

    /// As `init`; where no setting names the region of a table, the EC2 instance that this may be is asked for it.
    package static func open(
        _ settings: Settings, loop: UVLoop, others: [UVLoop] = [], environment: Environment, logger: Logger,
        embedded: (any SessionStore)? = nil, isFrozen: Bool = false, schema: ActionSchema? = nil, cachePatience: Duration? = nil
    ) async throws(SettingsError) -> SessionServices {
        var region: String?
        if embedded == nil, settings.store == .dynamodb {
            region = await AWSRegion.find(explicit: nil, environment: environment, loop: loop)
        }
        return try SessionServices(
            settings, loop: loop, others: others, environment: environment, logger: logger, embedded: embedded, region: region,
            isFrozen: isFrozen, schema: schema, cachePatience: cachePatience)
    }

    /// The region of the table; nil: the store has none, or none is configured, which the store itself complains about.
    private static func region(_ settings: Settings, _ environment: Environment) -> String? {
        guard settings.store == .dynamodb else { return nil }
        return try? AWSServiceConfiguration.resolve(service: "dynamodb", environment: environment).region
    }

    private static func lane(
        _ base: some SessionStore, _ redis: RedisClient, _ configuration: CacheConfiguration, _ clock: LoopClock, _ logger: Logger
    ) throws(SessionStoreError) -> StoreLane {
        StoreLane(try CacheStore(base: base, redis: redis, configuration: configuration, clock: clock, logger: logger), redis)
    }

    /// How each of so many loops keeps its entries.
    static func cacheConfiguration(_ settings: Settings, _ region: String?, loops: Int) -> CacheConfiguration {
        var configuration = CacheConfiguration(table: CacheName.of(settings))
        configuration.region = region ?? "local"
        if case .keys(let ring) = settings.seal { configuration.seal = SealKeys(ring) }
        configuration.revalidateAfter = settings.revalidateAfter ?? configuration.revalidateAfter
        configuration.nearCache = settings.nearCacheEntries.map { entries in
            // Shared out evenly: a session is in one of them at most.
            var near = CacheConfiguration.NearCache(entries: max((entries + loops - 1) / loops, 8))
            near.maxAge = settings.nearCacheMaxAge ?? near.maxAge
            return near
        }
        switch settings.writePolicy {
        case .available: configuration.writePolicy = .available
        case .consistent: configuration.writePolicy = .consistent
        }
        return configuration
    }
}
