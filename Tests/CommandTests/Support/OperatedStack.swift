import Foundation
import TestSupport
import Testing

/// A table on ministack behind a Redis of its own, and the tool that is configured for both.
struct OperatedStack: Sendable {
    var tool: CommandLineTool
    var table: String
    let redis: RedisServer

    /// A stack; with `creates` its table is there.
    init(creates: Bool = true, redis: RedisServer? = nil) async throws {
        let server = try await DynamoServer.running()
        self.table = DynamoServer.tableName("operated")
        self.redis = try redis ?? RedisServer()
        self.tool = try CommandLineTool(environment: [
            "AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": server.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": server.secretAccessKey, "BEDROCK_SESSIONS_STORE": "dynamodb",
            "BEDROCK_SESSIONS_REDIS_URL": self.redis.url,
        ])
        guard creates else { return }
        let created = try await self.tool.run("create-table", self.table, "us-east-1")
        #expect(created.exitCode == 0, "\(created.errors)")
    }

    /// The same with the keys of another user.
    func with(_ server: DynamoServer) -> OperatedStack {
        var stack = self
        stack.tool.environment["AWS_ACCESS_KEY_ID"] = server.accessKeyID
        stack.tool.environment["AWS_SECRET_ACCESS_KEY"] = server.secretAccessKey
        return stack
    }

    /// Runs a command on the table behind the cache.
    func run(_ arguments: String..., input: [UInt8] = []) async throws -> CommandLineTool.Outcome {
        try await self.tool.run(arguments + ["--table", self.table], input: input)
    }

    /// Runs a command that a test only prepares with: it has to succeed.
    func did(_ arguments: String..., place: SourceLocation = #_sourceLocation) async throws {
        let outcome = try await self.tool.run(arguments + ["--table", self.table])
        try #require(outcome.exitCode == 0, "\(outcome.errors)", sourceLocation: place)
    }

    /// Has AWS's own tool do something with DynamoDB; answers what it prints.
    @discardableResult
    func aws(_ arguments: [String]) async throws -> String {
        let program = TestEnvironment.repository.appending(path: ".venv/bin/aws").path
        var variables = self.tool.environment
        variables["PATH"] = TestEnvironment.variable("PATH") ?? ""
        variables["AWS_DEFAULT_REGION"] = "us-east-1"
        let (output, end) = try await ChildProcess.run([program, "dynamodb"] + arguments, environment: variables)
        #expect(end == .exit(code: 0), "\(output)")
        return output
    }

    /// Sends a command to Redis; answers what redis-cli prints.
    @discardableResult
    func redisCommand(_ words: String...) async throws -> String {
        let (output, end) = try await ChildProcess.run(["redis-cli", "-p", "\(self.redis.port)"] + words)
        #expect(end == .exit(code: 0), "\(output)")
        return output
    }
}
