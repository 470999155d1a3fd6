import Foundation
import Glibc
import JSON
import TestSupport
import Testing

@Suite("the traces of serve", .timeLimit(.minutes(2)))
struct ServeTraceTests {
    private static let invocation = "/2015-03-31/functions/function/invocations"
    private static let trace = "5759e988bd862e3fe1be46a994272793"
    private static let traceparent = ("traceparent", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")

    /// What a server with these variables has logged once `body` is over.
    private func log(_ variables: [String: String], _ body: (RunningServer) async throws -> Void) async throws -> [String] {
        let tool = try CommandLineTool(environment: variables)
        let errors = tool.workspace.file("log")
        let server = try await RunningServer(tool, arguments: [], errors: errors)
        try await body(server)
        _ = await server.end(SIGTERM)
        return try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test("a request is a span of the caller's trace, its action a child, and neither names the session; probes are none")
    func spans() async throws {
        let log = try await self.log(["BEDROCK_SESSIONS_TRACES": "log"]) { server in
            let event = BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet, user: "alice", session: "secret-1")
            #expect(try await server.send("POST", Self.invocation, event.encoded, headers: [Self.traceparent]).status == 200)
            let xray = ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8")
            #expect(try await server.send("GET", "/v1/sessions/secret-1", user: "alice", headers: [xray]).status == 200)
            #expect(try await server.send("GET", "/nowhere/secret-1").status == 404)
            for probe in ["/healthz", "/readyz"] { #expect(try await server.send("GET", probe).status == 200) }
            _ = try await server.text("/metrics")
        }
        let lines = log.filter { $0.contains("duration_ms=") }
        #expect(lines.count == 4, "\(log)")
        try #require(lines.count == 4)
        func id(_ line: String, _ name: Regex<(Substring, Substring)>) -> Substring? { line.firstMatch(of: name)?.output.1 }
        #expect(lines[0].contains("name=bedrock_sessions.action") && lines[0].contains("bedrock_sessions.action.status=stored"))
        #expect(lines[1].contains("name=POST \(Self.invocation)") && lines[1].contains("http.response.status_code=200"))
        #expect(id(lines[0], /[ ]parent_span_id=([0-9a-f]+)/) == id(lines[1], /[ ]span_id=([0-9a-f]+)/))
        #expect(lines[2].contains("name=GET /v1/sessions/{id}") && lines[2].contains("http.route=/v1/sessions/{id}"))
        for line in lines[..<3] { #expect(line.contains("trace_id=\(Self.trace)")) }
        for line in lines[1...2] { #expect(line.contains("parent_span_id=53995c3f42cd8ad8")) }
        #expect(!lines[3].contains(Self.trace) && !lines[3].contains("parent_span_id"))
        for secret in ["secret-1", "alice", BedrockEvents.wallet] { #expect(!log.contains { $0.contains(secret) }) }
    }

    @Test("lines of the log say which trace they belong to, with spans or without; without, there are no others")
    func lines() async throws {
        let log = try await self.log(["LOG_LEVEL": "info"]) { (server) async throws in
            let event = BedrockEvents.function("recallWallet").encoded
            #expect(try await server.send("POST", Self.invocation, event, headers: [Self.traceparent]).status == 200)
            #expect(try await server.send("POST", Self.invocation, event, headers: [("traceparent", "nonsense")]).status == 200)
        }
        let answered = log.filter { $0.contains("event answered") }
        #expect(answered.map { $0.contains("trace_id=\(Self.trace)") } == [true, false])
        #expect(!log.contains { $0.contains("duration_ms") })
    }

    @Test("a command on one event tells its spans as well")
    func invoke() async throws {
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_TRACES": "log"])
        let result = try await tool.run("invoke", "-", input: BedrockEvents.function("recallWallet").encoded)
        #expect(result.exitCode == 0 && result.errorLines.count == 1)
        #expect(
            result.errors.contains("name=bedrock_sessions.action") && result.errors.contains("bedrock_sessions.action.name=recallWallet"))
    }

    @Test("a word that is none is a mistake, said before anything is served")
    func mistake() async throws {
        let result = try await CommandLineTool(environment: ["BEDROCK_SESSIONS_TRACES": "otlp"]).run("serve", "--listen", "127.0.0.1:0")
        #expect(result.exitCode == 2 && result.errors.contains("BEDROCK_SESSIONS_TRACES is log or off"))
    }
}
