import AWS
import Dispatch
import EventLoop
import JSON
import Logging
import SessionStore
import Settings
import TestSupport
import Testing

@testable import Adapter
@testable import Wiring

/// The API as a server on this machine, which notes what it receives.
@Suite("Actions against an API", .timeLimit(.minutes(1)))
struct UpstreamServerTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let session = "upstream-session-1"

    /// An adapter wired as the executables do it.
    private func adapter(
        _ url: String, schema: ActionSchema = Self.tenRoutes, key: (String, String)? = nil, environment: [String: String] = [:],
        _ body: (BedrockAdapter) async throws -> Void
    ) async throws {
        var settings = Settings(store: .memory)
        settings.actions = ActionSetting(apiURL: url, apiKeyHeader: key?.0, apiKeyValue: key?.1)
        let loop = try UVLoop()
        let result: Result<Void, any Error>
        do {
            let services = try SessionServices(
                settings, loop: loop, environment: Environment(environment), logger: Self.quiet, schema: schema)
            try await services.store.storeWalletAddress(BedrockEvents.wallet, for: SessionID(Self.session))
            do {
                try await body(BedrockAdapter(services, settings: settings, logger: Self.quiet))
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await services.close()
        } catch {
            result = .failure(error)
        }
        await loop.shutdown()
        try result.get()
    }

    private func event(
        _ method: String, _ path: String, _ parameters: [(String, String)] = [], body: [(String, String)] = [],
        type: String = "application/json"
    ) -> [UInt8] {
        var event = BedrockEvents.api(method, path, session: Self.session)
        event["parameters"] = .array(parameters.map { ["name": .string($0.0), "type": "string", "value": .string($0.1)] })
        if !body.isEmpty {
            let properties: JSONValue = .array(body.map { ["name": .string($0.0), "type": "string", "value": .string($0.1)] })
            event["requestBody"] = ["content": .object([JSONValue.Member(type, ["properties": properties])])]
        }
        return event.encoded
    }

    @Test("a schema with ten routes: each call arrives as the schema has it, with the remembered wallet in its place")
    func tenRoutes() async throws {
        let server = try HTTPLoopback { request in .answer(200, [("Content-Type", "application/json")], #"{"path":"\#(request.target)"}"#) }
        let wallet = BedrockEvents.wallet
        let calls: [(event: [UInt8], line: String, body: String)] = [
            (self.event("GET", "/nfts/{owner}"), "GET /v1/nfts/\(wallet)", ""),
            (
                self.event("GET", "/nfts/{owner}/offers", [("limit", "5"), ("tags", "[a, b c]"), ("open", "True")]),
                "GET /v1/nfts/\(wallet)/offers?limit=5&tags=a&tags=b%20c&open=true", ""
            ),
            (
                self.event("GET", "/search", [("q", "a&b=c#d?e/ü"), ("ids", "[1,2]"), ("filter", #"{"min": 1, "max": 2}"#)]),
                "GET /v1/search?q=a%26b%3Dc%23d%3Fe%2F%C3%BC&ids=1%2C2&filter%5Bmax%5D=2&filter%5Bmin%5D=1", ""
            ),
            (self.event("GET", "/status", [("X-Trace", "trace 1")]), "GET /v1/status", ""),
            (
                self.event(
                    "POST", "/orders",
                    body: [("nft", "Ape \"1\""), ("price", "12345678901234567890.123456789"), ("items", "[{id=1, name=x}]")]),
                "POST /v1/orders",
                #"{"nft":"Ape \"1\"","price":12345678901234567890.123456789,"items":[{"id":1,"name":"x"}],"buyer":"\#(wallet)"}"#
            ),
            (self.event("PUT", "/orders/{id}", [("id", "o-1")], body: [("quantity", "3")]), "PUT /v1/orders/o-1", #"{"quantity":3}"#),
            (
                self.event("PATCH", "/orders/{id}/gift", [("id", "o 2")], body: [("gift", "false")]), "PATCH /v1/orders/o%202/gift",
                #"{"gift":false}"#
            ),
            (self.event("DELETE", "/orders/{id}", [("id", "o-3")]), "DELETE /v1/orders/o-3", ""),
            (
                self.event(
                    "POST", "/tickets", body: [("subject", "a=b&c"), ("tags", "[x, y]")], type: "application/x-www-form-urlencoded"),
                "POST /v1/tickets", "subject=a%3Db%26c&tags=x&tags=y"
            ),
            (self.event("POST", "/wallets/{owner}:refresh"), "POST /v1/wallets/\(wallet):refresh", ""),
        ]
        #expect(Self.tenRoutes.routes.count == 10)
        try await self.adapter(server.url + "/v1/", key: ("X-Api-Key", "s3cr3t-key-1")) { adapter in
            for call in calls {
                let reply = try BedrockReply(await adapter.respond(to: call.event, timeLeft: .seconds(20)))
                #expect(
                    reply.code == 200 && reply.body?["path"]?.string == String(call.line.split(separator: " ", maxSplits: 1)[1]),
                    "\(call.line): \(reply.bodyText)")
            }
        }
        #expect(server.requests.map { "\($0.method) \($0.target)" } == calls.map(\.line))
        #expect(server.requests.map { String(decoding: $0.body, as: UTF8.self) } == calls.map(\.body))
        #expect(server.requests.allSatisfy { $0["x-api-key"] == "s3cr3t-key-1" && $0["host"] == "127.0.0.1:\(server.port)" })
        #expect(server.requests[3]["x-trace"] == "trace 1")
        #expect(
            server.requests[4]["content-type"] == "application/json"
                && server.requests[8]["content-type"] == "application/x-www-form-urlencoded")
    }

    @Test("an event that Lambda delivers again reaches the API once, also while the first is still under way")
    func once() async throws {
        // The server answers in a thread of its own.
        let gate = DispatchSemaphore(value: 0)
        let arrived = Observed(0)
        let server = try HTTPLoopback { _ in
            arrived.change { $0 += 1 }
            gate.wait()
            return .answer(201, [("Content-Type", "application/json")], #"{"order":"o-1"}"#)
        }
        let event = self.event("DELETE", "/orders/{id}", [("id", "o-3")])
        try await self.adapter(server.url) { adapter in
            let first = Task { await adapter.respond(to: event) }
            try await arrived.wait(until: { $0 == 1 })
            for _ in 0..<3 { #expect(try BedrockReply(await adapter.respond(to: event)).status == "outcome_unknown") }
            gate.signal()
            let answer = try BedrockReply(await first.value)
            #expect(answer.code == 201 && answer.bodyText == #"{"order":"o-1"}"#)
            #expect(try BedrockReply(await adapter.respond(to: event)).bodyText == answer.bodyText)
        }
        #expect(server.requests.count == 1)
    }

    @Test("redirects are not followed, a key that comes back is taken out, and what breaks off is a failure without internals")
    func faults() async throws {
        let other = try HTTPLoopback { _ in .answer(200, [], "stolen") }
        let server = try HTTPLoopback { request in
            switch request.target {
            case "/status" where request.number == 1: .answer(302, [("Location", "\(other.url)/metadata")])
            case "/status" where request.number == 2:
                .answer(200, [("Content-Type", "application/json")], #"{"headers":{"X-Api-Key":"s3cr3t-key-1"}}"#)
            case "/status" where request.number == 3: .bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .reset)
            case "/status" where request.number == 4: .answer(500, [("Content-Type", "text/plain")], "java.lang.Exception at db-7.internal")
            case "/status" where request.number == 5: .answer(200, [("Content-Type", "text/plain")], String(repeating: "a", count: 2 << 20))
            default: .silence
            }
        }
        try await self.adapter(server.url, key: ("X-Api-Key", "s3cr3t-key-1")) { adapter in
            func reply(_ timeLeft: Duration = .seconds(20)) async throws -> BedrockReply {
                try BedrockReply(await adapter.respond(to: self.event("GET", "/status"), timeLeft: timeLeft))
            }
            let redirect = try await reply()
            #expect(redirect.code == 500 && !redirect.bodyText.contains("metadata"))
            #expect(try await reply().bodyText == #"{"headers":{"X-Api-Key":"[removed]"}}"#)
            let broken = try await reply()
            #expect(broken.code == 503 && broken.status == "unavailable")
            let failed = try await reply()
            #expect(failed.code == 503 && !failed.bodyText.contains("internal"))
            let large = try await reply()
            #expect(large.code == 400 && large.message.contains("less"))
            let silent = try await reply(.seconds(1))
            #expect(silent.code == 503 && silent.status == "unavailable")
        }
        #expect(other.connections == 0)
    }

    @Test("a host that merely leads to this machine is not called", arguments: ["127.1", "0x7f000001", "2130706433"])
    func refusedAddress(host: String) async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        try await self.adapter("http://\(host):\(server.port)") { adapter in
            let reply = try BedrockReply(await adapter.respond(to: self.event("GET", "/status")))
            #expect(reply.code == 500 && reply.status == "failed")
        }
        #expect(server.connections == 0)
    }

    @Test("no proxy of the environment is asked, and none learns the key")
    func proxies() async throws {
        let proxy = try HTTPLoopback { _ in .answer(200) }
        let server = try HTTPLoopback { _ in .answer(200, [("Content-Type", "text/plain")], "direct") }
        let environment = ["HTTP_PROXY": proxy.url, "http_proxy": proxy.url, "https_proxy": proxy.url]
        try await self.adapter(server.url, environment: environment) { adapter in
            let reply = try BedrockReply(await adapter.respond(to: self.event("GET", "/status")))
            #expect(reply.bodyText == "direct")
        }
        #expect(proxy.connections == 0)
    }

    static let tenRoutes: ActionSchema = {
        let text = #"""
            {"openapi": "3.0.1", "info": {"title": "Shop", "version": "1"}, "paths": {
              "/nfts/{owner}": {"get": {"parameters": [{"$ref": "#/components/parameters/owner"}]}},
              "/nfts/{owner}/offers": {"parameters": [{"$ref": "#/components/parameters/owner"}], "get": {"parameters": [
                {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "open", "in": "query", "schema": {"type": "boolean"}}]}},
              "/search": {"get": {"parameters": [{"name": "q", "in": "query", "required": true, "schema": {"type": "string"}},
                {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
                {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"min": {"type": "integer"}, "max": {"type": "integer"}}}}]}},
              "/status": {"get": {"parameters": [{"name": "X-Trace", "in": "header", "schema": {"type": "string"}}]}},
              "/orders": {"post": {"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}},
              "/orders/{id}": {"parameters": [{"$ref": "#/components/parameters/id"}],
                "put": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"quantity": {"type": "integer"}}}}}}},
                "delete": {}},
              "/orders/{id}/gift": {"parameters": [{"$ref": "#/components/parameters/id"}],
                "patch": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"gift": {"type": "boolean"}}}}}}}},
              "/tickets": {"post": {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["subject"],
                "properties": {"subject": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}}}}}}},
              "/wallets/{owner}:refresh": {"post": {"parameters": [{"$ref": "#/components/parameters/owner"}]}}},
             "components": {
              "parameters": {
                "owner": {"name": "owner", "in": "path", "required": true, "schema": {"type": "string"}, "x-remember": "wallet_address"},
                "id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}},
              "schemas": {
                "Order": {"type": "object", "required": ["nft", "price", "buyer"], "properties": {
                  "nft": {"type": "string"}, "price": {"type": "number"},
                  "items": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}},
                  "buyer": {"type": "string", "x-remember": "wallet_address"}}}}}}
            """#
        do { return try ActionSchema(json: Array(text.utf8)) } catch { preconditionFailure("the schema is wrong: \(error)") }
    }()
}
