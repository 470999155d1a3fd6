import JSON
import TestSupport
import Testing

@Suite(
    "The demo's conversations through serve", .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)),
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ServeConversationTests {
    @Test(
        "the invocation address plays them in both styles and orders, on DynamoDB behind Redis", arguments: TwoConversations.Styles.allCases
    )
    func conversations(styles: TwoConversations.Styles) async throws {
        let dynamo = try await DynamoServer.running()
        let redis = try RedisServer()
        let table = DynamoServer.tableName("served")
        let tool = try CommandLineTool(environment: [
            "AWS_ENDPOINT_URL_DYNAMODB": dynamo.endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": dynamo.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": dynamo.secretAccessKey, "BEDROCK_SESSIONS_STORE": "dynamodb", "BEDROCK_SESSIONS_TABLE": table,
            "BEDROCK_SESSIONS_REDIS_URL": redis.url,
        ])
        #expect(try await tool.run("create-table", table, "us-east-1").exitCode == 0)
        let server = try await RunningServer(tool)
        for (number, step) in TwoConversations(styles, name: "ada-\(table)").steps.enumerated() {
            let answer = try await server.send("POST", "/2015-03-31/functions/function/invocations", step.event)
            let reply = try BedrockReply(answer.json.encoded)
            #expect(answer.status == 200 && reply.status == step.status && reply.wallet == step.wallet, "turn \(number): \(answer.json)")
        }
    }
}
