import JSON
import TestSupport
import Testing

@Suite("On DynamoDB", .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)), .timeLimit(.minutes(2)))
struct DynamoCommandTests {
    /// The tool with a table of its own.
    private static func tool(_ kind: DynamoServer.Kind) async throws -> (tool: CommandLineTool, table: String) {
        let server = try await DynamoServer.running(kind)
        let table = DynamoServer.tableName("command")
        let tool = try CommandLineTool(environment: [
            "AWS_ENDPOINT_URL_DYNAMODB": server.endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": server.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": server.secretAccessKey, "BEDROCK_SESSIONS_STORE": "dynamodb", "BEDROCK_SESSIONS_TABLE": table,
        ])
        return (tool, table)
    }

    @Test("create-table may be run again; then sessions and wallets live in the table", arguments: DynamoServer.kinds)
    func table(_ kind: DynamoServer.Kind) async throws {
        let (tool, table) = try await Self.tool(kind)
        for _ in 0..<2 {
            let created = try await tool.run("create-table", table, "us-east-1", "--json")
            #expect(created.exitCode == 0)
            #expect(try created.json == ["table": .string(table), "region": "us-east-1", "status": "ACTIVE"])
            #expect(created.errors.contains("is active"))
        }
        #expect(try await tool.run("wallet", "set", "s-1", BedrockEvents.wallet, "--user", "alice").exitCode == 0)
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "alice").output == BedrockEvents.wallet + "\n")
        #expect(try await tool.run("put", "s-1", "a=1", "--user", "alice", "--json").json["data"]?["a"] == "1")
        #expect(try await tool.run("demo").exitCode == 0)
    }

    @Test("a missing table and wrong credentials are errors that say what to do, never a missing session")
    func refusals() async throws {
        let (tool, _) = try await Self.tool(.ministack)
        let missing = try await tool.run("get", "s-1")
        #expect(missing.exitCode == 1)
        #expect(missing.errors.contains("table"))
        #expect(!missing.errors.contains("no such session"))
        var stranger = tool
        stranger.environment["AWS_SECRET_ACCESS_KEY"] = "not-the-secret"
        let refused = try await stranger.run("get", "s-1")
        #expect(refused.exitCode == 1)
        #expect(!refused.errors.contains("no such session"))
        #expect(!refused.errors.contains("not-the-secret"))
        #expect(refused.errorLines.count == 1)
    }

    @Test("the server answers 503 while its table cannot be reached, and is not ready")
    func outage() async throws {
        var (tool, _) = try await Self.tool(.ministack)
        tool.environment["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:\(try freePort())"
        let server = try await RunningServer(tool)
        #expect(try await server.send("GET", "/healthz").status == 200)
        let ready = try await server.send("GET", "/readyz")
        #expect(ready.status == 503 && ready.type == "application/problem+json")
        #expect(ready.json["table"] == "unavailable" && ready.json["cache"] == nil)
        let session = try await server.send("GET", "/v1/sessions/s-1")
        #expect(session.status == 503)
        #expect(session.type == "application/problem+json")
        #expect(try await server.send("GET", "/v1/sessions/s-1/wallet").status == 503)
    }
}
