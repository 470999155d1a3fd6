import Foundation
import JSON
import TestSupport
import Testing

@Suite("what serve tells machines", .timeLimit(.minutes(5)))
struct ServeDocumentTests {
    private static let schemathesis = TestEnvironment.program(
        "schemathesis", in: [TestEnvironment.repository.appending(path: ".venv/bin").path])

    @Test("every path of the document is answered, and knows the methods that it says")
    func paths() async throws {
        let server = try await RunningServer(CommandLineTool())
        let document = try await server.send("GET", "/openapi.json").json
        let paths = try #require(document["paths"]?.members)
        #expect(paths.count == 7)
        for path in paths {
            let address = path.name.replacing("{id}", with: "s-1")
            for method in ["GET", "PUT", "POST", "PATCH", "DELETE"] {
                let status = try await server.send(method, address, Array("{}".utf8), headers: [("Content-Type", "application/json")])
                    .status
                #expect((status == 405) == (path.value[method.lowercased()] == nil), "\(method) \(path.name)")
            }
        }
    }

    @Test("requests are counted by method, route and status, without what their addresses hold")
    func metrics() async throws {
        let server = try await RunningServer(CommandLineTool())
        _ = try await server.send("GET", "/v1/sessions/secret-session-id", user: "secret-user")
        _ = try await server.send("GET", "/secret-path")
        _ = try await server.send("QUERY", "/healthz")
        let text = try await server.text("/metrics")
        #expect(
            text.contains(#"bedrock_sessions_http_request_duration_seconds_count{method="GET",route="/v1/sessions/{id}",status="404"} 1"#))
        #expect(text.contains(#"_count{method="GET",route="NotFound",status="404"} 1"#))
        #expect(text.contains(#"_count{method="other",route="none",status="405"} 1"#))
        #expect(!text.contains("secret"))
    }

    @Test("a tool that makes up requests from the document finds nothing", .enabled(if: Self.schemathesis != nil || TestEnvironment.isCI))
    func madeUpRequests() async throws {
        let tool = try CommandLineTool()
        let server = try await RunningServer(tool)
        // Checksums of wallets and digits of numbers are beyond what a schema can say: what is valid by the schema may be refused with 400.
        let settings = try tool.workspace.file(
            "schemathesis.toml",
            Array(
                "[checks.positive_data_acceptance]\nexpected-statuses = [\"2xx\", \"400\", \"401\", \"403\", \"404\", \"409\", \"5xx\"]\n"
                    .utf8))
        let made = try await ChildProcess.run(
            [
                try #require(Self.schemathesis, "scripts/install-servers installs it"), "--config-file", settings, "run",
                "\(server.url)/openapi.json",
            ]
                + ["--checks", "all", "--max-examples", "30", "--seed", "1", "--no-color"], directory: tool.workspace.path)
        #expect(made.end == .exit(code: 0), "\(made.output.suffix(3000))")
    }
}
