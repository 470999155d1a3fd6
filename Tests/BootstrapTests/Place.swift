import AWS
import Dynamo
import EventLoop
import Logging
import SessionStore
import TestSupport

/// A table of its own, and what `bootstrap` needs to find it.
struct Place {
    let loop: UVLoop
    let store: DynamoStore
    let table: String
    let environment: [String: String]

    init(redis: RedisServer?) async throws {
        let server = try await DynamoServer.running()
        self.table = DynamoServer.tableName("lambda")
        self.loop = try UVLoop()
        var environment = [
            "BEDROCK_SESSIONS_TABLE": self.table, "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_DYNAMODB": server.endpoint,
            "AWS_ACCESS_KEY_ID": server.accessKeyID, "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
        ]
        environment["BEDROCK_SESSIONS_REDIS_URL"] = redis?.url
        self.environment = environment
        self.store = try DynamoStore(
            loop: self.loop, configuration: DynamoConfiguration(table: self.table), environment: Environment(environment),
            clock: SystemClock(), logger: Logger(label: "test"))
        try await self.store.createTable()
    }
}
