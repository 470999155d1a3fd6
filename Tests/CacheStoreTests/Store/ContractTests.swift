import AWS
import CacheStore
import Dynamo
import Logging
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite(
    "the cache keeps the contract of a store", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
    .timeLimit(.minutes(3)))
struct ContractTests {
    @Test("over the store in memory, with two caches over the same data, and sealed", arguments: [false, true])
    func memory(sealed: Bool) async throws {
        try await RedisUnderTest.run { redis in
            let report = try await SessionStoreContract.run {
                let clock = ManualClock()
                let base = FaultyStore(MemoryStore(timeToLive: .seconds(3600), clock: clock))
                // Each sentence starts with a table of its own, so with keys of its own.
                let caches = try Self.caches(over: base, redis, clock, sealed: sealed)
                return ContractSubject(
                    caches[0], peers: [caches[1]], timeToLive: .seconds(3600), clock: clock, outage: { base.setOutage($0) })
            }
            #expect(report.leftOut.isEmpty)
        }
    }

    @Test("over DynamoDB, and sealed", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), arguments: [false, true])
    func dynamo(sealed: Bool) async throws {
        let server = try await DynamoServer.running()
        let proxy = try FaultProxy(to: server.port)
        try await RedisUnderTest.run { redis in
            let base = try DynamoStore(
                loop: redis.client.loop, configuration: DynamoConfiguration(table: DynamoServer.tableName()),
                credentials: AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey),
                environment: Environment(["AWS_ENDPOINT_URL": "http://127.0.0.1:\(proxy.port)", "AWS_REGION": "us-east-1"]),
                clock: SystemClock(),
                logger: Logger(label: "test"))
            try await base.createTable()
            let clock = SystemClock()
            let caches = try Self.caches(over: base, redis, clock, sealed: sealed)
            let report = try await SessionStoreContract.run {
                ContractSubject(caches[0], peers: [caches[1]], clock: clock, outage: { await proxy.set($0 ? .refuse : .none) })
            }
            #expect(report.leftOut == SessionStoreContract.checks.filter(\.needsAdvance).map(\.sentence))
            await base.close()
        }
    }

    @Test(
        "a cache over a store that lies is found out as well", arguments: [FaultyStore.Lie.dropsField, .writeIgnoresOwner, .outageIsNil])
    func liars(lie: FaultyStore.Lie) async throws {
        try await RedisUnderTest.run { redis in
            let violation = await #expect(throws: ContractViolation.self) {
                try await SessionStoreContract.run {
                    let clock = ManualClock()
                    let base = FaultyStore(MemoryStore(clock: clock), lie: lie)
                    let caches = try Self.caches(over: base, redis, clock, sealed: false)
                    return ContractSubject(caches[0], peers: [caches[1]], clock: clock, outage: { base.setOutage($0) })
                }
            }
            #expect(violation != nil)
        }
    }

    private static func caches<Base: SessionStore>(
        over base: Base, _ redis: RedisUnderTest, _ clock: any SessionClock, sealed: Bool
    ) throws -> [CacheStore<Base>] {
        var configuration = CacheConfiguration(table: DynamoServer.tableName("cached"))
        // In the middle of a rotation: each seals with the key that the other has in second place.
        let keys = [[("k1", 1), ("k2", 2)], [("k2", 2), ("k1", 1)]].map { SealKeys.test($0.map { (id: $0.0, byte: $0.1) }) }
        return try keys.map { keys in
            configuration.seal = sealed ? keys : nil
            return try CacheStore(
                base: base, redis: redis.client, configuration: configuration, clock: clock, logger: Logger(label: "test"))
        }
    }
}
