import AWS
import CacheStore
import Dynamo
import EventLoop
import Logging
import Redis
import SessionStore
import TestSupport
import Wiring

/// What one process of a fleet has: a loop, a client of Redis, a store on the table, and the cache in front of it.
struct ChaosProcess: Sendable {
    let loop: UVLoop
    let redis: RedisClient
    let table: DynamoStore
    let store: CacheStore<DynamoStore>

    /// A process whose connections lead to these ports. Deadlines are the defaults.
    init(redisPort: Int, tablePort: Int, server: DynamoServer, tableName: String, plan: ChaosPlan) throws {
        // An outage is what these runs are about: what is said about it would hide the rest.
        var logger = Logger(label: "chaos")
        logger.logLevel = .critical
        let clock = SystemClock()
        self.loop = try UVLoop(name: "chaos")
        self.redis = RedisClient(loop: self.loop, configuration: RedisConfiguration(port: redisPort), logger: logger)
        self.table = try DynamoStore(
            loop: self.loop,
            configuration: DynamoConfiguration(table: tableName),
            credentials: AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey),
            environment: Environment(["AWS_ENDPOINT_URL": "http://127.0.0.1:\(tablePort)", "AWS_REGION": "us-east-1"]), clock: clock,
            logger: logger)
        var configuration = CacheConfiguration(table: tableName)
        configuration.revalidateAfter = plan.revalidateAfter
        self.store = try CacheStore(
            base: self.table, redis: self.redis, configuration: configuration, clock: LoopClock(clock, loop: self.loop), logger: logger)
    }

    func close() async {
        await self.redis.close()
        await self.table.close()
        await self.loop.shutdown()
    }
}
