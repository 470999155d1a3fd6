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
    @Test("over the store in memory, with two caches over the same data")
    func memory() async throws {
        try await RedisUnderTest.run { redis in
            let report = try await SessionStoreContract.run {
                let clock = ManualClock()
                let base = MemoryStore(timeToLive: .seconds(3600), clock: clock)
                // Each sentence starts with a table of its own, so with keys of its own.
                let caches = try Self.caches(over: base, redis, clock)
                return ContractSubject(caches[0], peers: [caches[1]], timeToLive: .seconds(3600), clock: clock)
            }
            #expect(report.leftOut.isEmpty)
        }
    }

    @Test("over DynamoDB", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"))
    func dynamo() async throws {
        let server = try await DynamoServer.running()
        try await RedisUnderTest.run { redis in
            let base = try DynamoStore(
                loop: redis.client.loop, configuration: DynamoConfiguration(table: DynamoServer.tableName()),
                credentials: AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey),
                environment: Environment(["AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1"]), clock: SystemClock(),
                logger: Logger(label: "test"))
            try await base.createTable()
            let clock = SystemClock()
            let caches = try Self.caches(over: base, redis, clock)
            let report = try await SessionStoreContract.run {
                ContractSubject(caches[0], peers: [caches[1]], clock: clock)
            }
            #expect(!report.kept.isEmpty)
            await base.close()
        }
    }

    private static func caches<Base: SessionStore>(
        over base: Base, _ redis: RedisUnderTest, _ clock: any SessionClock
    ) throws -> [CacheStore<Base>] {
        let configuration = CacheConfiguration(table: DynamoServer.tableName("cached"))
        return try (0..<2).map { _ in
            try CacheStore(base: base, redis: redis.client, configuration: configuration, clock: clock, logger: Logger(label: "test"))
        }
    }
}
