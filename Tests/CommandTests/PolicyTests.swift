import JSON
import Testing

@Suite("policy", .timeLimit(.minutes(1)))
struct PolicyTests {
    private static func actions(_ policy: JSONValue) -> [String] {
        (policy["Statement"]?.elements ?? []).flatMap { $0["Action"]?.elements?.compactMap(\.string) ?? [] }
    }

    @Test("without options it is the least that sessions need")
    func least() async throws {
        let outcome = try await CommandLineTool().run("policy")
        #expect(outcome.exitCode == 0)
        #expect(
            try outcome.json == [
                "Version": "2012-10-17",
                "Statement": [
                    [
                        "Sid": "Sessions", "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
                        "Resource": "arn:aws:dynamodb:*:*:table/NFTBedrockSessions",
                    ]
                ],
            ])
        #expect(outcome.output.split(separator: "\n").count > 10, "for people: a member a line")
    }

    @Test("each feature in use adds its right, for its resource")
    func features() async throws {
        let outcome = try await CommandLineTool(environment: ["BEDROCK_SESSIONS_TABLE": "sessions"]).run(
            "policy", "--region", "cn-north-1", "--account", "123456789012", "--index", "--batch", "--audit", "--purge", "--key-arn",
            "arn:aws-cn:kms:cn-north-1:123456789012:key/1", "--cache", "hot", "--cache-user", "agents", "--serverless")
        let policy = try outcome.json
        #expect(
            Self.actions(policy).filter { !$0.hasPrefix("kms:") } == [
                "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:Scan",
                "dynamodb:DeleteItem", "elasticache:Connect",
            ])
        let table = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/sessions"
        #expect(policy["Statement"]?.elements?[1]["Resource"]?.string == table + "/index/user_id-index")
        let key = policy["Statement"]?.elements?[5]
        #expect(key?["Condition"] == ["StringLike": ["kms:ViaService": "dynamodb.cn-north-1.amazonaws.com.cn"]])
        #expect(
            policy["Statement"]?.elements?[6]["Resource"] == [
                "arn:aws-cn:elasticache:cn-north-1:123456789012:serverlesscache:hot",
                "arn:aws-cn:elasticache:cn-north-1:123456789012:user:agents",
            ])
    }

    @Test(
        "what cannot be meant is a usage error",
        arguments: [
            ["--cache", "hot"], ["--serverless"], ["--account", "12"], ["--account", "12345678901x"], ["--region", "here*"],
            ["--key-arn", "key"], ["--table", "no table"],
        ])
    func mistakes(_ arguments: [String]) async throws {
        let outcome = try await CommandLineTool().run(["policy"] + arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output == "")
    }
}
