import Glibc
import JSON
import TestSupport
import Testing

@Suite("A function that is not Bedrock's, as a process", .timeLimit(.minutes(1)))
struct ExampleFunctionTests {
    private func start(_ server: RuntimeAPIServer, _ variables: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess(
            [TestEnvironment.product("example-function")],
            environment: ["AWS_LAMBDA_RUNTIME_API": server.address].merging(variables) { $1 })
    }

    @Test("it answers, logs in Lambda's JSON with the request id, and ends on SIGTERM after the invocation in progress")
    func json() async throws {
        let server = try RuntimeAPIServer()
        let process = try self.start(server, ["AWS_LAMBDA_LOG_FORMAT": "JSON"])
        var messages = server.messages.makeAsyncIterator()
        server.invoke(.init(Array("abc".utf8), id: "id-1"))
        #expect(await messages.next()?.text == "cba")
        process.signal(SIGTERM)
        #expect(await process.ended() == .exit(code: 0))
        let lines = await process.restOfOutput().split(separator: "\n")
        #expect(lines.count == 1)
        let line = try JSONValue(parsing: Array(try #require(lines.first).utf8))
        #expect(line["message"] == "turning" && line["requestId"] == "id-1" && line["level"] == "INFO")
        #expect(line["metadata"]?["bytes"] == "3")
    }

    @Test("it logs for people where the format is text, and only what the level asks for")
    func text() async throws {
        for (level, expected) in [("INFO", " INFO id-1 bedrock-sessions.lambda: turning bytes=3\n"), ("WARN", "")] {
            let server = try RuntimeAPIServer()
            let process = try self.start(server, ["AWS_LAMBDA_LOG_LEVEL": level])
            var messages = server.messages.makeAsyncIterator()
            server.invoke(.init(Array("abc".utf8), id: "id-1"))
            #expect(await messages.next()?.text == "cba")
            process.signal(SIGTERM)
            #expect(await process.ended() == .exit(code: 0))
            #expect(await process.restOfOutput().hasSuffix(expected))
        }
    }

    @Test("without a runtime API it says so and ends")
    func nothing() async throws {
        let process = try ChildProcess([TestEnvironment.product("example-function")], environment: [:])
        #expect(await process.restOfOutput().contains("AWS_LAMBDA_RUNTIME_API is not set"))
        #expect(await process.ended() == .exit(code: 1))
    }
}
