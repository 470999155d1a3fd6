import InMemoryTracing
import JSON
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing
import Tracing

@testable import Adapter

@Suite("The adapter's spans", .timeLimit(.minutes(1)))
struct ActionSpanTests {
    private let tracer = InMemoryTracer()
    private let store = FailingStore()

    /// An adapter of a process with that tracer.
    private func adapter(_ router: ActionRouter = ActionRouter()) -> BedrockAdapter {
        withTracer(self.tracer) { BedrockAdapter(store: self.store, router: router) }
    }

    private static func attributes(_ name: String, _ status: String, failure: String? = nil) -> SpanAttributes {
        var attributes: SpanAttributes = ["bedrock_sessions.action.name": .string(name), "bedrock_sessions.action.status": .string(status)]
        if let failure { attributes["error.type"] = failure }
        return attributes
    }

    @Test("one for each event, with the action as the program spells it and the word of its status")
    func actions() async throws {
        var router = ActionRouter()
        router.on(.get, "/nfts/{wallet_address}") { _, _ in ActionAnswer(.done, "none") }
        let adapter = self.adapter(router)
        _ = try await adapter.reply(to: BedrockEvents.api("POST", wallet: BedrockEvents.wallet))
        _ = try await adapter.reply(to: BedrockEvents.function("recallWallet"), timeLeft: .seconds(10))
        _ = try await adapter.reply(to: BedrockEvents.api("GET", "/nfts/\(BedrockEvents.wallet)"))
        let spans = self.tracer.finishedSpans
        #expect(spans.allSatisfy { $0.operationName == "bedrock_sessions.action" && $0.kind == .internal && $0.parentSpanID == nil })
        #expect(
            spans.map(\.attributes) == [
                Self.attributes("POST /wallet", "stored"), Self.attributes("recallWallet", "known"),
                Self.attributes("GET /nfts/{wallet_address}", "done"),
            ])
    }

    @Test("what the agent made up is not told")
    func unknown() async throws {
        _ = try await self.adapter().reply(to: BedrockEvents.function("pay\(BedrockEvents.wallet)"))
        #expect(self.tracer.finishedSpans.map(\.attributes) == [Self.attributes("unknown", "unknown_action")])
    }

    @Test("an outage is a failure by the status; an answer that the model can act on is none")
    func failures() async throws {
        let adapter = self.adapter()
        _ = try await adapter.reply(to: BedrockEvents.function("recallWallet"))
        self.store.fail(reads: SessionStoreError(.unavailable, "a secret"))
        _ = try await adapter.reply(to: BedrockEvents.function("recallWallet"))
        self.store.fail()
        self.store.hang()
        _ = try await adapter.reply(to: BedrockEvents.function("recallWallet"), timeLeft: .milliseconds(1))
        let spans = self.tracer.finishedSpans
        #expect(spans.map { $0.status?.code } == [nil, .error, .error])
        #expect(spans.map { $0.attributes.get("error.type") } == [nil, "unavailable", "unavailable"])
        #expect(spans.map { $0.attributes.get("bedrock_sessions.action.status") } == ["needed", "unavailable", "unavailable"])
    }

    @Test("a plain event is an action too; what handlers do is within its span")
    func directAndNested() async throws {
        let tracer = self.tracer
        var router = ActionRouter()
        router.on(function: "nested") { _, _ in tracer.withSpan("within") { _ in ActionAnswer(.done, "") } }
        let adapter = self.adapter(router)
        _ = await adapter.respond(to: Array(#"{"session_id":"session-1"}"#.utf8))
        _ = await adapter.respond(to: Array(#"{"session_id":"session-1","wallet_address":"0x12"}"#.utf8))
        _ = try await adapter.reply(to: BedrockEvents.function("nested"), timeLeft: .seconds(10))
        let spans = self.tracer.finishedSpans
        try #require(spans.count == 4)
        #expect(spans[0].attributes == ["bedrock_sessions.action.name": "direct event"] && spans[0].status == nil)
        #expect(spans[1].attributes.get("error.type") == "invalidWallet" && spans[1].status?.code == .error)
        #expect(spans[2].operationName == "within" && spans[2].parentSpanID == spans[3].spanID)
    }

    @Test("without a tracer nothing is recorded")
    func off() async throws {
        let adapter = BedrockAdapter(store: self.store)
        _ = try await withTracer(self.tracer) { () async throws in try await adapter.reply(to: BedrockEvents.function("recallWallet")) }
        #expect(self.tracer.finishedSpans.isEmpty && self.tracer.activeSpans.isEmpty)
    }
}
