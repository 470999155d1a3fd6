import AWS
import CacheStore
import Dynamo
import EmbeddedStore
import EventLoop
import Logging
import Redis
import SessionStore
import Settings

/// Opens the store that settings name: the source of truth, and the cache in front of it where there is one.
struct StoreOpener {
    let settings: Settings
    /// How long a command may wait for the cache before the table answers; nil: as short as the cache itself suggests.
    var patience: Duration?
    private let clock = SystemClock()
    private let logger = Logger(label: "bedrock-sessions.store")

    /// An opener for a server, where each millisecond counts, or for one command of a person, who would rather wait for the cache.
    init(settings: Settings, isServer: Bool) {
        self.settings = settings
        self.patience = isServer ? nil : .milliseconds(250)
    }

    /// Opens it. Throws what a store says when it cannot be used, and a usage failure for settings that cannot work.
    func open() async throws -> Stores {
        let usesNetwork = self.settings.store == .dynamodb || self.settings.redisURL != nil
        let loop = usesNetwork ? try Self.loop() : nil
        do {
            switch self.settings.store {
            case .memory:
                return try await self.tiers(MemoryStore(timeToLive: self.settings.timeToLive, clock: self.clock), loop) {}
            case .sqlite(let path):
                let store = try EmbeddedStore(path: path, timeToLive: self.settings.timeToLive, clock: self.clock)
                return try await self.tiers(store, loop) { store.close() }
            case .dynamodb:
                guard let loop else { throw CommandFailure.failed("the event loop is not there") }
                let store = try self.dynamo(on: loop)
                return try await self.tiers(store, loop) { await store.close() }
            }
        } catch {
            await loop?.shutdown()
            throw error
        }
    }

    /// A loop for the network. Throws when the system has no descriptors or threads left.
    static func loop() throws(CommandFailure) -> UVLoop {
        do throws(EventLoopError) {
            return try UVLoop(name: "bedrock-sessions")
        } catch {
            throw .failed("the event loop does not start (\(error)): allow the process more threads and descriptors")
        }
    }

    private func dynamo(on loop: UVLoop) throws(SessionStoreError) -> DynamoStore {
        var configuration = DynamoConfiguration()
        configuration.table = self.settings.table ?? configuration.table
        configuration.timeToLive = self.settings.timeToLive
        return try DynamoStore(
            loop: loop, configuration: configuration, environment: Environment(Variables.value), clock: self.clock, logger: self.logger)
    }

    private func tiers<Base: SessionStore>(
        _ base: Base, _ loop: UVLoop?, close: @escaping @Sendable () async -> Void
    ) async throws -> Stores {
        guard let url = self.settings.redisURL, let loop else {
            return Stores(store: base, table: base, cache: nil, loop: loop) {
                await close()
                await loop?.shutdown()
            }
        }
        let redis = RedisClient(loop: loop, configuration: try self.redis(url), logger: self.logger)
        let cache = try CacheStore(
            base: base, redis: redis, configuration: CacheConfiguration(table: self.cacheName), clock: self.clock, logger: self.logger)
        // Without Redis the table answers: whether it is there shows later, where it matters.
        try? await redis.connect()
        return Stores(store: cache, table: base, cache: CachedTier(cache), loop: loop) {
            await redis.close()
            await close()
            await loop.shutdown()
        }
    }

    private func redis(_ url: String) throws(CommandFailure) -> RedisConfiguration {
        do throws(RedisError) {
            var configuration = try RedisConfiguration(url: url)
            configuration.commandTimeout = self.patience ?? configuration.commandTimeout
            return configuration
        } catch {
            throw .usage("the address of Redis cannot work: \(error.message)")
        }
    }

    /// The name that the cache's keys carry: the table's. Other stores get one of their own, so that one Redis can serve several of them, and what a
    /// process kept in memory is not taken for another's.
    private var cacheName: String {
        if let table = self.settings.table { return table }
        return switch self.settings.store {
        case .dynamodb: DynamoConfiguration.defaultTable
        case .sqlite(let path): "sqlite-" + FileName.digest(of: path)
        case .memory: "memory-" + String(UInt64.random(in: .min ... .max), radix: 16)
        }
    }
}
