import JSON
import TestSupport
import Testing

@Suite("who may use serve", .timeLimit(.minutes(2)))
struct ServeAccessTests {
    private static let token = "a-token-of-these-tests-0123456789"

    @Test("with a token, requests have to show it; whether the process is well is told to anybody")
    func token() async throws {
        let server = try await RunningServer(CommandLineTool(environment: ["BEDROCK_SESSIONS_TOKEN": Self.token]))
        #expect(server.greeting.contains("Bearer $BEDROCK_SESSIONS_TOKEN") && !server.greeting.contains(Self.token))
        func status(_ path: String, _ authorization: String?) async throws -> Int {
            try await server.send("GET", path, headers: authorization.map { [("Authorization", $0)] } ?? []).status
        }
        for path in ["/healthz", "/readyz"] { #expect(try await status(path, nil) == 200) }
        for path in ["/v1/sessions/s-1", "/openapi.json", "/metrics", "/nothing"] {
            for wrong in [
                nil, "Bearer", "Bearer ", "Bearer x" + Self.token.dropFirst(), "Bearer \(Self.token)x", "Basic \(Self.token)", Self.token,
            ] {
                #expect(try await status(path, wrong) == 401, "\(path)")
            }
        }
        #expect(try await status("/v1/sessions/s-1", "Bearer \(Self.token)") == 404)
        #expect(try await status("/openapi.json", "bearer \(Self.token)") == 200)
        let refused = try await server.send("GET", "/v1/sessions/s-1")
        #expect(refused.type == "application/problem+json" && refused.json["code"] == "noToken")
    }

    @Test("an address that other machines reach needs a token, and a token has to be one")
    func addresses() async throws {
        let open = try await CommandLineTool().run("serve", "--listen", "0.0.0.0:0")
        #expect(open.exitCode == 2 && open.errors.contains("BEDROCK_SESSIONS_TOKEN"))
        for weak in ["short", "a token with spaces in it", "sixteen-or-more-\u{e9}"] {
            let refused = try await CommandLineTool(environment: ["BEDROCK_SESSIONS_TOKEN": weak]).run("serve", "--listen", "127.0.0.1:0")
            #expect(refused.exitCode == 2 && refused.errors.contains("BEDROCK_SESSIONS_TOKEN") && !refused.errors.contains(weak))
        }
    }

    @Test("bodies have to be called JSON; pages of other sites are refused by what browsers say of them")
    func pages() async throws {
        let server = try await RunningServer(CommandLineTool())
        let body = JSONValue.object([.init("data", [:])]).encoded
        for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "jsonp", ""] {
            let answer = try await server.send("PUT", "/v1/sessions/s-1", body, headers: [("Content-Type", type)])
            #expect(answer.status == 415 && answer.json["code"] == "notJSON", "\(type)")
        }
        for type in ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"] {
            #expect(try await server.send("PUT", "/v1/sessions/s-1", body, headers: [("Content-Type", type)]).status == 200)
        }
        for site in ["cross-site", "same-site"] {
            #expect(try await server.send("GET", "/healthz", headers: [("Sec-Fetch-Site", site)]).status == 403)
        }
        #expect(try await server.send("GET", "/healthz", headers: [("Sec-Fetch-Site", "none")]).status == 200)
        #expect(try await server.send("GET", "/v1/sessions/s-1", headers: [("X-User-Id", "")]).status == 400)
    }

    @Test(
        "with TLS files it speaks TLS, and nothing else",
        .enabled(if: TestAuthority.isAvailable, Comment(rawValue: TestAuthority.skipReason)))
    func encrypted() async throws {
        let authority = try await TestAuthority()
        let certificate = try await authority.certificate("serve")
        let files = ["--tls-cert", certificate.file, "--tls-key", certificate.key]
        let server = try await RunningServer(CommandLineTool(), arguments: files, authority: authority.file)
        #expect(server.url.hasPrefix("https://"))
        #expect(try await server.send("GET", "/healthz").json == ["status": "ok"])
        let other = try await TestAuthority(name: "another")
        let stranger = try await RunningServer(CommandLineTool(), arguments: files, authority: other.file)
        await #expect(throws: (any Error).self) { try await stranger.send("GET", "/healthz") }

        let tool = try CommandLineTool()
        let half = try await tool.run("serve", "--tls-cert", certificate.file)
        #expect(half.exitCode == 2 && half.errors.contains("--tls-key"))
        for broken in [authority.missingFile, try authority.garbage()] {
            let outcome = try await tool.run("serve", "--listen", "127.0.0.1:0", "--tls-cert", broken, "--tls-key", certificate.key)
            #expect(outcome.exitCode == 1 && outcome.errorLines.count == 1 && outcome.errors.contains("PEM"))
        }
    }
}
