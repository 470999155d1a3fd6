package import AWS
import CacheStore
import Dynamo
package import EventLoop
package import Logging
import Redis
package import SessionStore
package import Settings

/// The store that settings ask for, with its connections, in programs without an embedded store.
package struct SessionServices: Sendable {
    /// The store, behind its cache if there is one.
    package let store: any SessionStore
    /// The time that the store goes by.
    package let clock: LoopClock
    let dynamo: DynamoStore?
    let redis: RedisClient?
    let logger: Logger

    /// Makes the store; nothing is sent yet. `environment` has the AWS variables. Throws every problem of the configuration, in sentences that hold
    /// no value.
    package init(_ settings: Settings, loop: UVLoop, environment: Environment, logger: Logger) throws(SettingsError) {
        let clock = SystemClock()
        self.clock = LoopClock(clock, loop: loop)
        self.logger = logger
        var problems: [String] = []
        var truth: (any SessionStore)?
        do throws(SessionStoreError) {
            truth = try Self.truth(settings, loop, environment, clock, logger)
        } catch {
            problems.append(error.message)
        }
        var redis: RedisClient?
        do throws(RedisError) {
            redis = try settings.redisURL.map { (url) throws(RedisError) in
                RedisClient(loop: loop, configuration: try RedisConfiguration(url: url), logger: logger)
            }
        } catch {
            problems.append("\(SettingKey.redisURL.rawValue): \(error.message)")
        }
        guard problems.isEmpty, let truth else { throw SettingsError(problems) }
        self.dynamo = truth as? DynamoStore
        self.redis = redis
        do throws(SessionStoreError) {
            if let redis {
                self.store = try Self.cache(truth, redis, settings, self.clock, logger)
            } else {
                self.store = truth
            }
        } catch {
            throw SettingsError([error.message])
        }
    }

    private static func truth(
        _ settings: Settings, _ loop: UVLoop, _ environment: Environment, _ clock: SystemClock, _ logger: Logger
    ) throws(SessionStoreError) -> any SessionStore {
        switch settings.store {
        case .memory:
            return MemoryStore(timeToLive: settings.timeToLive, clock: LoopClock(clock, loop: loop))
        case .sqlite:
            throw SessionStoreError(.misconfigured, "\(SettingKey.store.rawValue): there is no SQLite in this program, choose dynamodb")
        case .dynamodb:
            let configuration = DynamoConfiguration(table: settings.table ?? "", timeToLive: settings.timeToLive)
            return try DynamoStore(loop: loop, configuration: configuration, environment: environment, clock: clock, logger: logger)
        }
    }

    private static func cache(
        _ truth: some SessionStore, _ redis: RedisClient, _ settings: Settings, _ clock: LoopClock, _ logger: Logger
    ) throws(SessionStoreError) -> any SessionStore {
        // What a process keeps in its own memory is nobody else's: no other process may find it in the cache.
        let name =
            settings.store == .memory ? "memory-" + String(UInt64.random(in: 0...UInt64.max), radix: 16) : settings.table ?? "sessions"
        return try CacheStore(base: truth, redis: redis, configuration: CacheConfiguration(table: name), clock: clock, logger: logger)
    }
}
