import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("What the model is told")
struct WalletPhrasesTests {
    private static let styles: [ActionOperation] = [.api(method: "GET", path: "/wallet"), .function("recallWallet")]

    private func recalled(staleness: Duration?) throws -> RecalledWallet {
        RecalledWallet(
            wallet: try WalletAddress(BedrockEvents.wallet), source: .memory, updatedAt: nil, staleness: staleness)
    }

    @Test("a wallet from before an outage comes with its age", arguments: Self.styles)
    func stale(style: ActionOperation) throws {
        let phrases = WalletPhrases(style: style, parameter: "wallet_address")
        let stale = phrases.recalled(.wallet(try self.recalled(staleness: .seconds(90))))
        #expect(stale.status == .known && stale.message.contains("90 seconds"))
        #expect(!phrases.recalled(.wallet(try self.recalled(staleness: nil))).message.contains("seconds"))
    }

    @Test("what the model should call next has the name that its action group uses")
    func names() {
        for (style, name) in zip(Self.styles, ["POST /wallet", "rememberWallet"]) {
            let phrases = WalletPhrases(style: style, parameter: "payout_wallet")
            for answer in [phrases.recalled(.none(forgottenAt: nil)), phrases.unreadable] {
                #expect(answer.message.contains("call \(name) with it as payout_wallet"))
            }
        }
    }

    @Test("the configured parameter is the one that is read and answered")
    func parameter() async throws {
        var configuration = AdapterConfiguration()
        configuration.walletParameters = ["payout_wallet"]
        let adapter = BedrockAdapter(store: MemoryStore(), configuration: configuration)
        let request = ActionRequest(
            operation: .function("rememberWallet"), sessionID: try SessionID("s-1"),
            parameters: [
                ActionParameter(name: "wallet_address", value: "nonsense"),
                ActionParameter(name: "payout_wallet", value: BedrockEvents.wallet),
            ])
        let answer = await adapter.answer(to: request)
        #expect(answer.status == .stored)
        #expect(answer.fields == [.init("payout_wallet", BedrockEvents.wallet)])
    }
}
