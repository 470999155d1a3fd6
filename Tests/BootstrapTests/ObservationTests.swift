import EventLoop
import Foundation
import JSON
import SessionStore
import TestSupport
import Testing

@Suite(
    "what bootstrap tells operators",
    .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)),
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ObservationTests {
    @Test("a full run at the most talkative level names no session, user, wallet or secret; digests, metrics and spans are there")
    func silence() async throws {
        let redis = try RedisServer()
        let place = try await Place(redis: redis)
        let folder = try TemporaryFolder()
        let (output, errors) = (folder.file("out"), folder.file("err"))
        let logKey = "a-key-of-these-tests"
        let environment = place.environment.merging([
            "LOG_LEVEL": "trace", "BEDROCK_SESSIONS_LOG_KEY": logKey, "BEDROCK_SESSIONS_METRICS": "emf", "BEDROCK_SESSIONS_TRACES": "log",
            "AWS_LAMBDA_FUNCTION_NAME": "f-1",
        ]) { $1 }
        var agent = Agent(try LambdaProcess(environment, redirection: .init(output: output, errors: errors)))
        let (user, session) = ("user-\(place.table)", "session-\(place.table)")
        #expect(try await agent.ask(BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: user, session: session)).code == 200)
        #expect(try await agent.ask(BedrockEvents.function("recallWallet", user: user, session: session)).wallet == BedrockEvents.wallet)
        let refused = try await agent.ask(BedrockEvents.api("GET", user: "eve-\(place.table)", session: session))
        #expect(refused.code == 403)
        redis.kill()
        #expect(try await agent.ask(BedrockEvents.function("recallWallet", user: user, session: session)).wallet == BedrockEvents.wallet)
        let wrong = BedrockEvents.function("rememberWallet", wallet: "0x12", user: user, session: session)
        let invalid = try await agent.ask(wrong)
        #expect(invalid.status == "invalid")
        #expect(await agent.lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()

        let log = try String(contentsOfFile: errors, encoding: .utf8)
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        let documents = try lines.map { try JSONValue(parsing: Array($0.utf8)) }
        let secrets = [
            user, session, "eve-", BedrockEvents.wallet, BedrockEvents.wallet.lowercased(), "0x12", logKey,
            try #require(place.environment["AWS_SECRET_ACCESS_KEY"]),
        ]
        for secret in secrets {
            #expect(![refused, invalid].contains { $0.message.contains(secret) }, "an error holds one of them")
            #expect(!log.contains(secret), "the log holds one of them: number \(secrets.firstIndex(of: secret) ?? 0)")
            #expect(!lines.contains { $0.contains(secret) }, "a metric holds one of them: number \(secrets.firstIndex(of: secret) ?? 0)")
        }
        // Spans are lines of the log; each with its name, attributes and events, those that failed among them.
        for name in ["invocation", "action", "cache.read", "cache.write", "cache.load"] {
            #expect(log.contains("name=bedrock_sessions.\(name)"), "there is no span of that name: \(name)")
        }
        #expect(log.contains("name=DynamoDB.UpdateItem") && log.contains("bedrock_sessions.cache.read.outcome=failed"))
        #expect(log.contains("error.type=notOwner") && log.contains("status=error"))
        // The same session is the same digits in each line, another user's digits are others.
        let digits = log.matches(of: /session=(\d{8})/).map(\.output.1)
        #expect(digits.count == 5 && Set(digits).count == 1, "\(digits)")
        #expect(Set(log.matches(of: /user=(\d{8})/).map(\.output.1)).count == 2)

        #expect(documents.allSatisfy { $0["FunctionName"] == "f-1" && $0["_aws"]?["CloudWatchMetrics"] != nil })
        func total(_ metric: String, _ name: String, _ value: String) -> Int64 {
            documents.filter { $0[name]?.string == value }.compactMap { $0[metric]?.integer }.reduce(0, +)
        }
        #expect(total("bedrock_sessions.adapter.answers", "status", "known") == 2)
        #expect(total("bedrock_sessions.adapter.answers", "status", "not_allowed") == 1)
        #expect(total("bedrock_sessions.cache.reads", "outcome", "hit") >= 1)
        #expect(total("bedrock_sessions.cache.reads", "outcome", "failed") >= 1)
        #expect(documents.contains { $0["operation"]?.string == "UpdateItem" && $0["bedrock_sessions.dynamo.request_duration"] != nil })
        #expect(documents.contains { $0["reason"] != nil && $0["bedrock_sessions.redis.connection_failures"] != nil })
    }
}
