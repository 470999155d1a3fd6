import JSON
import TestSupport
import Testing

@Suite("bootstrap that cannot start", .timeLimit(.minutes(1)))
struct InitializationTests {
    private static let working = [
        "BEDROCK_SESSIONS_TABLE": "sessions", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDTEST",
        "AWS_SECRET_ACCESS_KEY": "secret",
    ]

    @Test(
        "what is wrong is said to the runtime API and on standard error, in one line and without values; the exit code is 1",
        arguments: [
            ("BEDROCK_SESSIONS_TABLE", "a table"), ("BEDROCK_SESSIONS_TTL", "a-month"),
            ("BEDROCK_SESSIONS_REDIS_URL", "redis://user:s3cret@host:port"), ("BEDROCK_SESSIONS_REDIS_URL", "http://s3cret"),
            ("BEDROCK_SESSIONS_REDIS_URL", "redis://:s3cret@cache.example.com:6379"), ("BEDROCK_SESSIONS_SEAL_KEYS", "k1:s3cret"),
            ("BEDROCK_SESSIONS_SEAL_KEYS_FILE", "/s3cret"),
            ("BEDROCK_SESSIONS_STORE", "sqlite:/tmp/s3cret.db"), ("BEDROCK_SESSIONS_STORE", "floppy"), ("AWS_REGION", ""),
            ("AWS_REGION", "s3cret!"),
            ("AWS_ENDPOINT_URL_DYNAMODB", "gopher://s3cret"), ("BEDROCK_SESSIONS_USER_ATTRIBUTE", "user id"),
        ])
    func problem(variable: String, value: String) async throws {
        let lambda = try LambdaProcess(Self.working.merging([variable: value]) { $1 })
        var messages = lambda.server.messages.makeAsyncIterator()
        let message = try #require(await messages.next())
        #expect(message.path == "init/error")
        #expect(message.headers["lambda-runtime-function-error-type"] == "SettingsError")
        let sentence = try #require(try JSONValue(parsing: message.body)["errorMessage"]?.string)
        #expect(await lambda.process.ended() == .exit(code: 1))
        let output = await lambda.process.restOfOutput()
        #expect(output.hasSuffix("FATAL lambda: \(sentence)\n") && output.split(separator: "\n").count == 1)
        #expect(sentence.contains(variable) && !sentence.contains("s3cret"))
    }

    @Test("all problems are said at once")
    func problems() async throws {
        let lambda = try LambdaProcess(["BEDROCK_SESSIONS_TABLE": "x", "BEDROCK_SESSIONS_TTL": "x", "BEDROCK_SESSIONS_REDIS_URL": "x"])
        let output = await lambda.process.restOfOutput()
        #expect(await lambda.process.ended() == .exit(code: 1))
        for name in ["BEDROCK_SESSIONS_TABLE", "BEDROCK_SESSIONS_TTL", "BEDROCK_SESSIONS_REDIS_URL"] { #expect(output.contains(name)) }
    }

    @Test("without a runtime API it says so and ends")
    func noRuntimeAPI() async throws {
        let lambda = try LambdaProcess(Self.working.merging(["AWS_LAMBDA_RUNTIME_API": " "]) { $1 })
        #expect(await lambda.process.restOfOutput().contains("AWS_LAMBDA_RUNTIME_API"))
        #expect(await lambda.process.ended() == .exit(code: 1))
    }

    @Test("the signal to end is obeyed while it waits for an event")
    func signal() async throws {
        let lambda = try LambdaProcess(Self.working.merging(["AWS_ENDPOINT_URL": "http://127.0.0.1:\(try freePort())"]) { $1 })
        for await _ in lambda.server.polls { break }
        #expect(await lambda.stop() == .exit(code: 0))
    }
}
