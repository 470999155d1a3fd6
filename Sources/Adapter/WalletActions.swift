import Logging
import SessionStore

/// Remember, recall and forget a wallet: a given one is checked and stored, a missing one is looked up and only then asked for.
struct WalletActions: Sendable {
    private let memory: WalletMemory
    private let configuration: AdapterConfiguration

    init(store: any SessionStore, configuration: AdapterConfiguration, clock: any SessionClock) {
        self.memory = WalletMemory(store, clock: clock)
        self.configuration = configuration
    }

    func answer(to request: ActionRequest, logger: Logger) async -> ActionAnswer {
        let phrases = WalletPhrases(style: request.operation, parameter: self.configuration.walletParameters.first ?? "wallet_address")
        guard let action = BuiltInAction(request.operation) else { return phrases.unknownAction }
        do throws(SessionStoreError) {
            let caller = try Caller(request.sessionAttributes, attribute: self.configuration.userAttribute)
            switch action {
            case .rememberWallet: return try await self.remember(request, caller, phrases)
            case .recallWallet: return try await self.recall(request, caller, phrases)
            case .forgetWallet:
                return phrases.forgotten(try await self.memory.forget(session: request.sessionID, as: caller))
            }
        } catch {
            logger.warning("action failed", metadata: ["action": .string(action.name), "error": .string(error.code.label)])
            if error.code == .malformedItem, action == .recallWallet { return phrases.unreadable }
            return ActionAnswer(error, isWrite: action != .recallWallet)
        }
    }

    private func remember(
        _ request: ActionRequest, _ caller: Caller, _ phrases: WalletPhrases
    ) async throws(SessionStoreError) -> ActionAnswer {
        var given: Set<WalletAddress> = []
        for text in GivenWallet.texts(in: request, names: self.configuration.walletParameters) { given.insert(try WalletAddress(text)) }
        // Which of two is meant is not ours to guess.
        guard given.count <= 1 else { return phrases.severalGiven }
        guard let wallet = given.first else { return try await self.recall(request, caller, phrases) }
        try await self.memory.remember(wallet, session: request.sessionID, as: caller)
        return phrases.stored(wallet)
    }

    private func recall(
        _ request: ActionRequest, _ caller: Caller, _ phrases: WalletPhrases
    ) async throws(SessionStoreError) -> ActionAnswer {
        phrases.recalled(try await self.memory.recall(session: request.sessionID, as: caller))
    }
}
