import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("Two wallets", .timeLimit(.minutes(1)))
struct TwoWalletsTests {
    @Test("are confirmed one after the other, each with its own code, and the first is not lost by the second's question")
    func confirmed() async throws {
        let store = MemoryStore()
        var configuration = AdapterConfiguration()
        configuration.remembered = [.wallet, try RememberedField("payout", .wallet)]
        let adapter = BedrockAdapter(store: store, configuration: configuration)
        let session = try SessionID("s-1")
        func remember(_ words: String, code: String? = nil) async -> ActionAnswer {
            let given = [
                ("wallet_address", BedrockEvents.wallet), ("payout", BedrockEvents.otherWallet), ("wallet_confirmation_code", code),
            ]
            return await adapter.answer(
                to: ActionRequest(
                    operation: .function("rememberWallet"), sessionID: session, inputText: words,
                    parameters: given.compactMap { name, value in value.map { ActionParameter(name: name, value: $0) } }))
        }
        func code(_ answer: ActionAnswer) throws -> String {
            try #require(answer.fields.first { $0.name == "wallet_confirmation_code" }?.value)
        }
        let first = await remember("hello")
        #expect(first.status == .unconfirmed && first.message.contains(BedrockEvents.wallet))
        let second = await remember("yes \(try code(first))", code: try code(first))
        #expect(second.status == .unconfirmed && second.message.contains(BedrockEvents.otherWallet))
        #expect(try await store.getWalletAddress(for: session)?.text == BedrockEvents.wallet)
        let stored = await remember("and \(try code(second))", code: try code(second))
        #expect(stored.status == .stored && stored.fields.map(\.name) == ["wallet_address", "payout"])
        let data = try await store.session(.session(session))?.data
        #expect(data?["payout"]?.string == BedrockEvents.otherWallet && data?["payout_pending"] == nil && data?["wallet_pending"] == nil)
    }
}
