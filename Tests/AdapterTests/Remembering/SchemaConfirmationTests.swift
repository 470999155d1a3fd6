import JSON
import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("What a schema's actions remember and have confirmed", .timeLimit(.minutes(1)))
struct SchemaConfirmationTests {
    private let store = MemoryStore()
    private let upstream = RecordingUpstream()
    private let schema: ActionSchema
    private let mine = BedrockEvents.wallet
    private let theirs = BedrockEvents.otherWallet

    init() throws {
        let text = """
            {"openapi": "3.0.3", "paths": {
              "/nfts/{owner}": {"get": {"parameters": [
                 {"name": "owner", "in": "path", "required": true, "schema": {"type": "string"}, "x-remember": "wallet_address"},
                 {"name": "network", "in": "query", "required": true, "schema": {"type": "string"}, "x-remember": "chain"},
                 {"name": "wallet_confirmation_code", "in": "query", "schema": {"type": "string"}}]}},
              "/payouts": {"post": {"x-requireConfirmation": "ENABLED", "requestBody": {"content": {"application/json": {"schema": {
                 "type": "object", "required": ["wallet_address"], "properties": {"wallet_address": {"type": "string"}}}}}}}},
              "/wallet": {"post": {"x-requireConfirmation": "ENABLED", "requestBody": {"content": {"application/json": {"schema": {
                 "type": "object", "properties": {"wallet_address": {"type": "string"}}}}}}}}}}
            """
        self.schema = try ActionSchema(json: Array(text.utf8))
    }

    private func ask(_ event: JSONValue, walletOnly: Bool = false) async throws -> BedrockReply {
        var configuration = AdapterConfiguration()
        if !walletOnly { configuration.remembered.append(try RememberedField("chain", .text)) }
        let adapter = BedrockAdapter(
            store: self.store, router: ActionRouter(schema: self.schema), upstream: self.upstream, configuration: configuration)
        return try await adapter.reply(to: event)
    }

    private func nfts(_ words: String, _ parameters: [(String, String)]) -> JSONValue {
        var event = BedrockEvents.api("GET", "/nfts/{owner}", user: "ada", words: words)
        event["parameters"] = .array(parameters.map { ["name": .string($0.0), "type": "string", "value": .string($0.1)] })
        return event
    }

    @Test("a given wallet is asked about under the action's own names, and its code does not reach the upstream API")
    func confirmed() async throws {
        let asked = try await self.ask(self.nfts("What is there?", [("owner", self.theirs), ("network", "evm")]))
        #expect(
            asked.code == 409 && asked.status == "confirmation_needed"
                && asked.message.contains("call this action again with the new address as owner"))
        #expect(asked.body?["new_owner"]?.string == self.theirs)
        #expect(self.upstream.requests.isEmpty)
        let code = try #require(asked.body?["wallet_confirmation_code"]?.string)
        let event = self.nfts("yes \(code)", [("owner", self.theirs), ("network", "evm"), ("wallet_confirmation_code", code)])
        #expect(try await self.ask(event).code == 200)
        #expect(self.upstream.requests == [UpstreamRequest(method: .get, path: "/nfts/\(self.theirs)", query: "network=evm")])
        // Both are filled in from now on.
        #expect(try await self.ask(self.nfts("And now?", [])).code == 200)
        #expect(self.upstream.requests.last?.query == "network=evm" && self.upstream.requests.count == 2)
    }

    @Test("a parameter bound to a field that is not remembered is like any other: required, it is asked for")
    func notRemembered() async throws {
        _ = try await self.ask(self.nfts(self.mine, [("owner", self.mine), ("network", "evm")]), walletOnly: true)
        let reply = try await self.ask(self.nfts("And now?", []), walletOnly: true)
        #expect(reply.status == "needed" && reply.message.contains("network"))
    }

    @Test(
        "where the schema says that the user confirms, the wallet is stored at once, by the wallet's own action too",
        arguments: ["/payouts", "/wallet"])
    func groupConfirms(path: String) async throws {
        #expect(try await self.ask(BedrockEvents.api("POST", path, wallet: self.mine, words: "go ahead")).code == 200)
        #expect(try await self.ask(BedrockEvents.api("POST", path, wallet: self.theirs, words: "go ahead")).code == 200)
        #expect(try await self.ask(BedrockEvents.api("GET")).wallet == self.theirs)
        let function = BedrockEvents.function("rememberWallet", wallet: self.mine, words: "go ahead")
        #expect(try await self.ask(function).status == "confirmation_needed", "another action, which nobody confirms")
    }

    @Test("an action that acts is refused a wallet that may be out of date, and the upstream API is not called")
    func stale() async throws {
        let failing = FailingStore()
        let adapter = BedrockAdapter(store: failing, router: ActionRouter(schema: self.schema), upstream: self.upstream)
        #expect(try await adapter.reply(to: BedrockEvents.api("POST", wallet: self.mine)).status == "stored")
        failing.answer(aged: .seconds(70))
        let reply = try await adapter.reply(to: BedrockEvents.api("POST", "/payouts", words: "Pay me."))
        #expect(reply.status == "stale" && reply.code == 503 && self.upstream.requests.isEmpty)
    }
}
