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
        guard var action = BuiltInAction(request.operation) else { return phrases.unknownAction }
        let given = action == .rememberWallet ? GivenWallet.texts(in: request, names: self.configuration.walletParameters) : []
        // Without a wallet there is nothing to store: it is a lookup, and fails like one.
        if action == .rememberWallet, given.isEmpty { action = .recallWallet }
        do throws(SessionStoreError) {
            let caller = try Caller(request.sessionAttributes, attribute: self.configuration.userAttribute)
            switch action {
            case .rememberWallet: return try await self.remember(given, request, caller, phrases)
            case .recallWallet: return phrases.recalled(try await self.memory.recall(session: request.sessionID, as: caller))
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
        _ given: [String], _ request: ActionRequest, _ caller: Caller, _ phrases: WalletPhrases
    ) async throws(SessionStoreError) -> ActionAnswer {
        var wallets: Set<WalletAddress> = []
        for text in given { wallets.insert(try WalletAddress(text)) }
        // Which of two is meant is not ours to guess.
        guard let wallet = wallets.first, wallets.count == 1 else { return phrases.severalGiven }
        try await self.memory.remember(wallet, session: request.sessionID, as: caller)
        return phrases.stored(wallet)
    }
}
