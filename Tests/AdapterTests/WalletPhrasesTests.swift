import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("What the model is told")
struct WalletPhrasesTests {
    private static let styles: [ActionOperation] = [.api(method: "GET", path: "/wallet"), .function("recallWallet")]

    @Test("a wallet from before an outage comes with its age")
    func stale() async throws {
        let store = FailingStore()
        let adapter = BedrockAdapter(store: store)
        _ = await adapter.answer(to: try self.request("rememberWallet", wallet: BedrockEvents.wallet))
        let fresh = await adapter.answer(to: try self.request("recallWallet"))
        #expect(fresh.status == .known && !fresh.message.contains("seconds"))
        store.answer(aged: .seconds(90))
        let stale = await adapter.answer(to: try self.request("recallWallet"))
        #expect(stale.status == .known && stale.message.contains("90 seconds") && stale.fields == fresh.fields)
    }

    @Test(
        "what the model should call next has the name that its action group uses",
        arguments: zip(styles, ["POST /wallet", "rememberWallet"]))
    func names(style: ActionOperation, name: String) async throws {
        var configuration = AdapterConfiguration()
        configuration.walletParameters = ["payout_wallet"]
        let store = MemoryStore()
        let adapter = BedrockAdapter(store: store, configuration: configuration)
        let request = ActionRequest(operation: style, sessionID: try SessionID("s-1"))
        #expect(await adapter.answer(to: request).message.contains("call \(name) with it as payout_wallet"))
        try await store.update(.session(request.sessionID), set: ["wallet_address": "nonsense"])
        #expect(await adapter.answer(to: request).message.contains("call \(name) with it as payout_wallet"))
    }

    private func request(_ name: String, wallet: String? = nil) throws -> ActionRequest {
        ActionRequest(
            operation: .function(name), sessionID: try SessionID("s-1"), inputText: wallet ?? "hello",
            parameters: wallet.map { [ActionParameter(name: "wallet_address", value: $0)] } ?? [])
    }

    @Test("the configured parameter is the one that is read and answered")
    func parameter() async throws {
        var configuration = AdapterConfiguration()
        configuration.walletParameters = ["payout_wallet"]
        let adapter = BedrockAdapter(store: MemoryStore(), configuration: configuration)
        let request = ActionRequest(
            operation: .function("rememberWallet"), sessionID: try SessionID("s-1"), inputText: BedrockEvents.wallet,
            parameters: [
                ActionParameter(name: "wallet_address", value: "nonsense"),
                ActionParameter(name: "payout_wallet", value: BedrockEvents.wallet),
            ])
        let answer = await adapter.answer(to: request)
        #expect(answer.status == .stored)
        #expect(answer.fields == [.init("payout_wallet", BedrockEvents.wallet)])
    }
}
