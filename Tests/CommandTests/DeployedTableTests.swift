import Foundation
import JSON
import TestSupport
import Testing

@Suite(
    "The templates in deploy/", .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)), .timeLimit(.minutes(3)))
struct DeployedTableTests {
    private static let template = TestEnvironment.repository.appending(path: "deploy/bedrock_sessions_dynamodb.yaml").path

    /// A tool of the environment that the tests' servers come from.
    private static func pythonTool(_ name: String) -> String { TestEnvironment.repository.appending(path: ".venv/bin/\(name)").path }

    @Test("the template of the table is what AWS's own linter accepts")
    func lint() async throws {
        let (output, end) = try await ChildProcess.run([Self.pythonTool("cfn-lint"), Self.template])
        #expect(end == .exit(code: 0), "\(output)")
    }

    /// Emulators ignore these in a template, so its text is what there is to see.
    @Test("the table ends its items, is encrypted, can be restored, and in prod cannot be deleted")
    func text() throws {
        let text = try String(contentsOfFile: Self.template, encoding: .utf8)
        for line in [
            "TableName: !Sub NFTBedrockSessions-${Environment}", "BillingMode: PAY_PER_REQUEST",
            "TimeToLiveSpecification: { AttributeName: expiration, Enabled: true }",
            "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }", "SSEEnabled: true",
            "KMSMasterKeyId: !If [HasKey, !Ref KeyArn, !Ref AWS::NoValue]", "DeletionProtectionEnabled: !If [IsProd, true, false]",
            "UpdateReplacePolicy: Retain",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test("template, Terraform and `policy` name the same rights")
    func sameRights() async throws {
        let policy = try await CommandLineTool().run(
            "policy", "--index", "--batch", "--audit", "--purge", "--key-arn", "arn:aws:kms:eu-central-1:123456789012:key/1"
        ).output
        func rights(_ text: String) -> Set<String> {
            let actions = text.matches(of: /\b(dynamodb:[A-Z][A-Za-z]+|kms:[A-Z][A-Za-z]+\*?)/).map { String($0.1) }
            return Set(actions).subtracting(["kms:ViaService"])
        }
        let main = try String(contentsOf: TestEnvironment.repository.appending(path: "deploy/terraform/main.tf"), encoding: .utf8)
        #expect(rights(policy).count == 13)
        #expect(rights(try String(contentsOfFile: Self.template, encoding: .utf8)) == rights(policy))
        #expect(rights(main) == rights(policy))
    }

    @Test("deployed with AWS's own tool, the table holds sessions and wallets", arguments: DynamoServer.kinds.filter { $0 != .ministack })
    func deployed(_ kind: DynamoServer.Kind) async throws {
        let server = try await DynamoServer.running(kind)
        let variables = [
            "AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": server.accessKeyID, "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
        ]
        let environment = String(UUID().uuidString.lowercased().prefix(8)).replacing(/^[0-9]/, with: "e")
        let deployment = try await ChildProcess.run(
            [
                Self.pythonTool("aws"), "cloudformation", "deploy", "--template-file", Self.template, "--stack-name",
                "sessions-\(environment)",
                "--parameter-overrides", "Environment=\(environment)", "UserIndex=true", "AllowIndex=true",
            ], environment: variables.merging(["PATH": TestEnvironment.variable("PATH") ?? ""]) { $1 })
        #expect(deployment.end == .exit(code: 0), "\(deployment.output)")
        var tool = try CommandLineTool(environment: variables)
        tool.environment["BEDROCK_SESSIONS_STORE"] = "dynamodb"
        tool.environment["BEDROCK_SESSIONS_TABLE"] = "NFTBedrockSessions-\(environment)"
        #expect(try await tool.run("wallet", "set", "s-1", BedrockEvents.wallet, "--user", "alice").exitCode == 0)
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "alice").output == BedrockEvents.wallet + "\n")
    }

    @Test(
        "Terraform accepts its form of the table",
        .enabled(
            if: TestEnvironment.variable("TF_PLUGIN_DIR") != nil,
            "TF_PLUGIN_DIR names no folder with Terraform's AWS provider; then `terraform validate` cannot run"))
    func terraform() async throws {
        let folder = try TemporaryFolder()
        let source = TestEnvironment.repository.appending(path: "deploy/terraform")
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) where name.hasSuffix(".tf") {
            try FileManager.default.copyItem(atPath: source.appending(path: name).path, toPath: folder.file(name))
        }
        let plugins = try #require(TestEnvironment.variable("TF_PLUGIN_DIR"))
        let variables = ["PATH": TestEnvironment.variable("PATH") ?? "", "HOME": folder.path]
        for arguments in [["init", "-input=false", "-plugin-dir=\(plugins)"], ["validate"]] {
            let (output, end) = try await ChildProcess.run(["terraform"] + arguments, environment: variables, directory: folder.path)
            #expect(end == .exit(code: 0), "\(output)")
        }
    }
}
