import Glibc
import JSON
import TestSupport
import Testing

@Suite("serve", .timeLimit(.minutes(2)))
struct ServeTests {
    private static let invocation = "/2015-03-31/functions/function/invocations"

    @Test("says where it listens and what to try")
    func greeting() async throws {
        let server = try await RunningServer(CommandLineTool())
        #expect(server.greeting.contains("Listening on http://127.0.0.1:"))
        #expect(server.greeting.contains("Try: curl \(server.url)\(Self.invocation)"))
        #expect(try await server.send("GET", "/healthz").status == 200)
        #expect(try await server.send("GET", "/readyz").json == ["status": "ready", "table": "ready"])
    }

    @Test(
        "it is ready without its cache, and says so",
        .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)))
    func readiness() async throws {
        let redis = try RedisServer()
        let server = try await RunningServer(CommandLineTool(environment: ["BEDROCK_SESSIONS_REDIS_URL": redis.url]))
        // The first probe may come while the connection is being opened.
        try await until { try await server.send("GET", "/readyz").json["cache"] == "ready" }
        redis.kill()
        let without = try await server.send("GET", "/readyz")
        #expect(without.status == 200)
        #expect(without.json["status"] == "ready" && without.json["table"] == "ready" && without.json["cache"] == "unavailable")
        #expect(without.json["cache_detail"]?.string?.hasSuffix(".") == true)
        try redis.restart()
        try await until { try await server.send("GET", "/readyz").json["cache"] == "ready" }
    }

    @Test("the address of Lambda's local emulator runs the adapter in both styles")
    func invocations() async throws {
        let server = try await RunningServer(CommandLineTool())
        let asked = try await server.send("POST", Self.invocation, BedrockEvents.function("recallWallet", user: "alice"))
        #expect(asked.status == 200)
        #expect(asked.json["response"]?["functionResponse"]?["responseState"] == "REPROMPT")
        let stored = try await server.send(
            "POST", Self.invocation, BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet, user: "alice"))
        #expect(stored.json["response"]?["functionResponse"]?["responseState"] == nil)
        let known = try await server.send("POST", Self.invocation, BedrockEvents.api("GET", user: "alice", session: "other-1"))
        #expect(known.json["response"]?["httpStatusCode"] == 200)
        let malformed = try await server.send("POST", Self.invocation, Array("{".utf8))
        #expect(malformed.status == 200)
        #expect(malformed.json["messageVersion"] == "1.0")
        #expect(
            try await server.send("GET", "/v1/sessions/other-1/wallet", user: "alice").json["wallet_address"]
                == .string(BedrockEvents.wallet))
    }

    @Test("a session is put, read, patched and deleted")
    func sessions() async throws {
        let server = try await RunningServer(CommandLineTool())
        let path = "/v1/sessions/s-1"
        #expect(try await server.send("GET", path).status == 404)
        let put = try await server.send("PUT", path, ["data": ["a": "1", "n": 2]], user: "alice")
        #expect(put.status == 200)
        #expect(put.type == "application/json")
        #expect(put.json["user"] == "alice")
        #expect(try await server.send("PATCH", path, ["data": ["a": nil, "b": [true]]], user: "alice").status == 200)
        let got = try await server.send("GET", path, user: "alice")
        #expect(got.json["data"] == ["b": [true], "n": 2])
        #expect((got.json["expiration"]?.integer ?? 0) > 1_700_000_000)
        #expect(got.json["expires_at"]?.string != nil)
        #expect(got.json["origin"] == "table")
        // What was read can be sent back as it is.
        #expect(try await server.send("PUT", path, got.json, user: "alice").json["data"] == got.json["data"])
        #expect(try await server.send("DELETE", path, user: "alice").status == 204)
        #expect(try await server.send("DELETE", path, user: "alice").status == 404)
        #expect(try await server.send("GET", path, user: "alice").status == 404)
    }

    @Test("a wallet is put, read, patched and deleted")
    func wallets() async throws {
        let server = try await RunningServer(CommandLineTool())
        let path = "/v1/sessions/s-1/wallet"
        let lower = JSONValue.string(BedrockEvents.wallet.lowercased())
        #expect(try await server.send("GET", path, user: "alice").status == 404)
        let put = try await server.send("PUT", path, ["wallet_address": lower], user: "alice")
        #expect(put.json["wallet_address"] == .string(BedrockEvents.wallet))
        #expect(try await server.send("GET", "/v1/sessions/s-2/wallet", user: "alice").json["source"] == "memory")
        let patched = try await server.send("PATCH", path, ["wallet_address": .string(BedrockEvents.otherWallet)], user: "alice")
        #expect(patched.status == 200)
        #expect(try await server.send("DELETE", path, user: "alice").status == 204)
        #expect(try await server.send("DELETE", path, user: "alice").status == 404)
        #expect(try await server.send("PATCH", path, ["wallet_address": nil], user: "alice").status == 204)
        #expect(try await server.send("GET", path, user: "alice").status == 404)
    }

    @Test("what is refused says so with the right status, as a problem document")
    func problems() async throws {
        let server = try await RunningServer(CommandLineTool())
        let path = "/v1/sessions/s-1"
        _ = try await server.send("PUT", path, ["data": ["a": "1"]], user: "alice")
        func expect(_ status: Int, _ answer: RunningServer.Answer, _ line: Int = #line) {
            #expect(answer.status == status, "line \(line)")
            #expect(answer.type == "application/problem+json", "line \(line)")
            #expect(answer.json["status"]?.integer == Int64(status), "line \(line)")
            #expect(answer.json["detail"]?.string?.isEmpty == false, "line \(line)")
        }
        expect(403, try await server.send("GET", path, user: "bob"))
        expect(403, try await server.send("GET", path))
        expect(403, try await server.send("DELETE", path + "/wallet", user: "bob"))
        expect(400, try await server.send("GET", "/v1/sessions/x"))
        expect(400, try await server.send("GET", path, user: "a b"))
        expect(400, try await server.send("PUT", path, ["a": "1"], user: "alice"))
        expect(400, try await server.send("PUT", path, Array("{".utf8), user: "alice"))
        expect(400, try await server.send("PUT", path + "/wallet", ["wallet_address": "0x12"], user: "alice"))
        expect(400, try await server.send("PUT", path + "/wallet", ["wallet_address": nil], user: "alice"))
        expect(404, try await server.send("GET", "/v2"))
        expect(405, try await server.send("POST", path, ["data": [:]]))
        expect(413, try await server.send("PUT", path, ["data": ["a": .string(String(repeating: "x", count: 420_000))]], user: "alice"))
        expect(413, try await server.send("PUT", path + "/wallet", [UInt8](repeating: 32, count: 20000), user: "alice"))
        expect(403, try await server.send("GET", "/healthz", headers: [("Origin", "http://example.com")]))
        expect(403, try await server.send("GET", "/healthz", headers: [("Host", "example.com")]))
    }

    @Test("on a loopback address only loopback names are answered, with a port or without")
    func hostNames() async throws {
        let server = try await RunningServer(CommandLineTool())
        for other in ["127.0.0.1:80.example.com", "localhost.example.com:80", "localhost:", "localhost:65536", "[::1]:80x", "128.0.0.1:80"]
        {
            #expect(try await server.send("GET", "/healthz", headers: [("Host", other)]).status == 403, "\(other)")
        }
        for own in ["127.0.0.1:80", "localhost:1", "[::1]:65535", "localhost", "127.1.2.3:80"] {
            #expect(try await server.send("GET", "/healthz", headers: [("Host", own)]).status == 200, "\(own)")
        }
    }

    @Test("a client that reads only after it has sent all of a body that is too long gets its answer")
    func patientClient() async throws {
        let server = try await RunningServer(CommandLineTool())
        let body = String(repeating: " ", count: 8 << 20)
        let answer = try await server.sendThenRead(
            "PUT /v1/sessions/s-1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }

    @Test("a signal ends it in order", arguments: [SIGTERM, SIGINT])
    func shutdown(_ signal: Int32) async throws {
        let server = try await RunningServer(CommandLineTool())
        #expect(try await server.send("GET", "/healthz").status == 200)
        #expect(await server.end(signal) == .exit(code: 0))
    }

    @Test("an address that is taken is an error with a sentence")
    func addressInUse() async throws {
        let tool = try CommandLineTool()
        let server = try await RunningServer(tool)
        let outcome = try await tool.run("serve", "--listen", String(server.url.dropFirst("http://".count)))
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("--listen"))
        let open = try CommandLineTool(environment: ["BEDROCK_SESSIONS_TOKEN": "a-token-of-these-tests"])
        let unknown = try await open.run("serve", "--listen", "name.invalid:0")
        #expect(unknown.exitCode == 1)
        #expect(unknown.errorLines.last?.contains("choose another address with --listen") == true)
    }
}
