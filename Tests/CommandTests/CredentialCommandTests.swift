import JSON
import TestSupport
import Testing

@Suite(
    "Commands with credentials of each source", .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)),
    .timeLimit(.minutes(2)))
struct CredentialCommandTests {
    @Test("doctor names the source, and get says the same whatever it is", arguments: CredentialOrigin.allCases)
    func works(origin: CredentialOrigin) async throws {
        let server = try await DynamoServer.running()
        let stage = try CredentialStage(origin, for: server)
        let table = DynamoServer.tableName("origin")
        let tool = try CommandLineTool(
            environment: stage.variables.merging(["BEDROCK_SESSIONS_STORE": "dynamodb", "BEDROCK_SESSIONS_TABLE": table]) { $1 })
        let report = try await tool.run("doctor", "--credentials", "--json")
        #expect(report.exitCode == 0)
        #expect(try report.json["source"] == .string(origin.source))
        #expect(!report.output.contains(server.secretAccessKey) && !report.output.contains(server.accessKeyID))
        #expect(try await tool.run("create-table", table, "us-east-1").exitCode == 0)
        #expect(try await tool.run("put", "s-1", "a=1", "b:=2").exitCode == 0)
        let got = try await tool.run("get", "s-1", "--json")
        #expect(got.exitCode == 0 && got.errors == "")
        #expect(try got.json["data"] == ["a": "1", "b": 2])
        let none = try await tool.run("get", "s-2")
        #expect(none.exitCode == 1 && none.errorLines.count == 1 && none.errors.contains("no such session"))
    }

    @Test("without any region the error says what to set, soon, and as a usage error")
    func noRegion() async throws {
        let silent = try HTTPLoopback { _ in .silence }
        let tool = try CommandLineTool(environment: [
            "HOME": "/nowhere", "BEDROCK_SESSIONS_STORE": "dynamodb", "AWS_EC2_METADATA_SERVICE_ENDPOINT": silent.url,
        ])
        let outcome = try await tool.run("get", "s-1")
        #expect(outcome.exitCode == 2)
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("AWS_REGION"))
        #expect(silent.requests.count == 1)
    }
}
