import Foundation
import TestSupport
import Testing

@Suite(
    "The template of the Lambda", .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)), .timeLimit(.minutes(3)))
struct LambdaTemplateTests {
    private static let path = TestEnvironment.repository.appending(path: "deploy/bedrock_sessions_lambda.yaml").path
    private static let tablePath = TestEnvironment.repository.appending(path: "deploy/bedrock_sessions_dynamodb.yaml").path

    private static func text() throws -> String { try String(contentsOfFile: Self.path, encoding: .utf8) }

    /// A tool of the environment that the tests' servers come from.
    private static func pythonTool(_ name: String) -> String { TestEnvironment.repository.appending(path: ".venv/bin/\(name)").path }

    /// A resource's part of the template.
    private static func resource(_ name: String) throws -> String {
        try #require(try Self.text().components(separatedBy: "\n\n").first { ("\n" + $0).contains("\n  \(name):\n    Type: ") }, "\(name)")
    }

    @Test("AWS's own linter accepts it")
    func lint() async throws {
        let (output, end) = try await ChildProcess.run([Self.pythonTool("cfn-lint"), Self.path])
        #expect(end == .exit(code: 0), "\(output)")
    }

    @Test("one agent of this account may call it, and nobody while none is named")
    func permission() throws {
        let permission = try Self.resource("AgentMayCall")
        for line in [
            "Condition: HasAgent", "Principal: bedrock.amazonaws.com", "SourceAccount: !Ref AWS::AccountId",
            "SourceArn: !Sub \"arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:agent/${AgentId}\"",
        ] {
            #expect(permission.contains(line), "\(line)")
        }
        #expect(try Self.text().components(separatedBy: "AWS::Lambda::Permission").count == 2)
    }

    @Test("the function speaks TLS and IAM to its cache, seals with a secret, logs JSON, and refuses plain events in prod")
    func function() throws {
        let function = try Self.resource("Function")
        for line in [
            "Runtime: !If [IsImage, !Ref AWS::NoValue, provided.al2023]", "Architectures: [x86_64]", "LogFormat: JSON",
            "BEDROCK_SESSIONS_REDIS_URL: !Sub \"rediss://${Cache.Endpoint.Address}:${Cache.Endpoint.Port}\"",
            "BEDROCK_SESSIONS_REDIS_IDENTITY: !Sub \"iam://${CacheUser}@bedrock-sessions-${Environment}?serverless=true\"",
            "BEDROCK_SESSIONS_SEAL_KEYS: !Sub \"{{resolve:secretsmanager:${SealKeysSecret}:SecretString}}\"",
            "BEDROCK_SESSIONS_DIRECT_EVENTS: !If [HasDirectEvents, !Ref DirectEvents, !If [IsProd, \"off\", \"on\"]]",
            "BEDROCK_SESSIONS_TRACES: !Ref Traces",
        ] {
            #expect(function.contains(line), "\(line)")
        }
        #expect(try Self.resource("Cache").contains("ServerlessCacheName: !Sub bedrock-sessions-${Environment}"))
        #expect(try Self.resource("Log").contains("RetentionInDays: !Ref LogRetentionDays"))
        let user = try Self.resource("CacheUser")
        #expect(user.contains("AuthenticationMode: { Type: iam }") && user.contains("on ~bs1:${Table}:* ") && user.contains(" -@all "))
    }

    @Test("alarms look at Lambda's metrics, and at names and labels that the program's metrics have")
    func alarms() throws {
        for (alarm, metric) in [("ErrorsAlarm", "Errors"), ("ThrottlesAlarm", "Throttles"), ("DurationAlarm", "Duration")] {
            let text = try Self.resource(alarm)
            #expect(text.contains("Namespace: AWS/Lambda\n") && text.contains("MetricName: \(metric)\n"), "\(alarm)")
        }
        let known = try MetricNames.all()
        let ours = try Self.text().matches(of: /Namespace: BedrockSessions\n +MetricName: ([a-z_.]+)/).map { String($0.1) }
        #expect(ours.count == 4)
        for name in ours { #expect(known.contains(name), "\(name)") }
        #expect(try Self.resource("StaleServedAlarm").contains("MetricName: bedrock_sessions.cache.stale_answers"))
        let outcomes = try String(
            contentsOf: TestEnvironment.repository.appending(path: "Sources/CacheStore/Machines/ReadMachine.swift"), encoding: .utf8)
        #expect(outcomes.contains("case near, hit, absent, tombstone, miss, recheck, bypass, bad, failed, skipped, refused"))
    }

    /// The rights of the cache's user are real Redis rules, and no more than they are meant to be.
    @Test(
        "a Redis takes the user's rights: keys of the table and what is sent for them, nothing else",
        .enabled(if: TestEnvironment.expects("redis-server"), "redis-server is not installed"))
    func rights() async throws {
        let rules = try #require(try Self.resource("CacheUser").firstMatch(of: /AccessString: !Sub\n +- >-\n((?: {10}.+\n)+)/)).1
            .replacing("${Table}", with: "T").split { $0.isWhitespace }.map(String.init)
        let folder = try TemporaryFolder()
        // A socket of its own: no port that another test could take.
        let socket = folder.file("redis")
        let server = try ChildProcess(["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder.path])
        #expect(await server.output(containing: "eady to accept connections").found)
        server.discardOutput()
        func redis(_ words: [String]) async throws -> String {
            try await ChildProcess.run(["redis-cli", "-s", socket] + words).output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(try await redis(["ACL", "SETUSER", "app", ">secret"] + rules) == "OK")
        func asUser(_ words: String...) async throws -> String {
            try await redis(["--user", "app", "--pass", "secret", "--no-auth-warning"] + words)
        }
        let script = "redis.call('SET', KEYS[1], redis.call('TIME')[1]); redis.call('DEL', KEYS[1]); return 'done'"
        #expect(try await asUser("EVAL", script, "1", "bs1:T:s-1") == "done")
        #expect(try await asUser("GET", "bs1:T:s-1") == "")
        #expect(try await asUser("PING") == "PONG")
        #expect(try await asUser("INFO", "replication").contains("role:master"))
        for refused in [["GET", "bs1:other:s-1"], ["GET", "x"], ["FLUSHALL"], ["CONFIG", "GET", "*"], ["KEYS", "*"], ["SCAN", "0"]] {
            let answer = try await redis(["--user", "app", "--pass", "secret", "--no-auth-warning"] + refused)
            #expect(answer.hasPrefix("NOPERM"), "\(refused): \(answer)")
        }
    }

    /// ministack knows neither ElastiCache Serverless, nor egress rules of their own, nor alarms on expressions: without these the rest of the stack is made.
    @Test(
        "what an emulator knows of it is made: the function, its role, who may call it, its log, its alarms",
        .enabled(
            if: DynamoServer.kinds.contains(.open), "put scripts/with-servers in front: no ministack is here that allows more than tables"))
    func deployed() async throws {
        let server = try await DynamoServer.running(.open)
        let name = "e" + UUID().uuidString.lowercased().prefix(7)
        let variables = [
            "AWS_ENDPOINT_URL": server.endpoint, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": server.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": server.secretAccessKey, "PATH": TestEnvironment.variable("PATH") ?? "",
        ]
        func aws(_ arguments: [String]) async throws -> String {
            let (output, end) = try await ChildProcess.run([Self.pythonTool("aws")] + arguments, environment: variables)
            #expect(end == .exit(code: 0), "\(arguments.prefix(2)): \(output)")
            return output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        func deploy(_ template: String, _ stack: String, _ parameters: [String]) async throws {
            _ = try await aws(
                ["cloudformation", "deploy", "--template-file", template, "--stack-name", stack, "--capabilities", "CAPABILITY_IAM"]
                    + ["--parameter-overrides"] + parameters)
        }
        let folder = try TemporaryFolder()
        let unknown = ["AWS::ElastiCache::ServerlessCache", "AWS::EC2::SecurityGroupEgress", "FILL("]
        let reduced = try Self.text().components(separatedBy: "\n\n").filter { block in !unknown.contains { block.contains($0) } }
            .joined(separator: "\n\n").replacing("    DependsOn: FunctionToCache\n", with: "")
            .replacing("${Cache.Endpoint.Address}:${Cache.Endpoint.Port}", with: "cache.test:6379").replacing(
                "!GetAtt Cache.ARN", with: "\"*\"")
        let template = try folder.file("template.yaml", Array(reduced.utf8))
        let zip = try folder.file("function.zip", Array("PK".utf8) + [5, 6] + [UInt8](repeating: 0, count: 18))
        let keys = try folder.file("keys", Array("k1:c2VhbA==\n".utf8))

        try await deploy(Self.tablePath, "table-\(name)", ["Environment=\(name)"])
        _ = try await aws(["s3", "mb", "s3://code-\(name)"])
        _ = try await aws(["s3", "cp", zip, "s3://code-\(name)/function.zip"])
        _ = try await aws(["secretsmanager", "create-secret", "--name", "keys-\(name)", "--secret-string", "file://\(keys)"])
        let vpc = try await aws(["ec2", "describe-vpcs", "--query", "Vpcs[0].VpcId", "--output", "text"])
        let subnets = try await aws(["ec2", "describe-subnets", "--query", "join(',', Subnets[:2].SubnetId)", "--output", "text"])
        try await deploy(
            template, "lambda-\(name)",
            [
                "Environment=\(name)", "TableStack=table-\(name)", "CodeBucket=code-\(name)", "CodeKey=function.zip", "AgentId=ABCDEFGHIJ",
                "SealKeysSecret=keys-\(name)", "VpcId=\(vpc)", "SubnetIds=\(subnets)",
            ])

        let function = try await aws(["lambda", "get-function-configuration", "--function-name", "bedrock-sessions-\(name)"])
        for text in ["NFTBedrockSessions-\(name)", "rediss://cache.test:6379", "iam://bedrock-sessions-\(name)@bedrock-sessions-\(name)"] {
            #expect(function.contains(text), "\(text): \(function)")
        }
        let policy = try await aws(["lambda", "get-policy", "--function-name", "bedrock-sessions-\(name)"])
        #expect(policy.contains("bedrock.amazonaws.com") && policy.contains("agent/ABCDEFGHIJ"), "\(policy)")
        let alarms = try await aws(["cloudwatch", "describe-alarms", "--query", "MetricAlarms[].MetricName", "--output", "text"])
        for metric in ["Errors", "Throttles", "Duration", "bedrock_sessions.cache.stale_answers"] { #expect(alarms.contains(metric)) }
    }
}
