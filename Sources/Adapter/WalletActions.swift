import Logging
import SessionStore

/// Remember, recall and forget a wallet, and what else is remembered: what is given is checked and stored, what is missing is looked up and only then
/// asked for.
final class WalletActions: Sendable {
    private let remembering: Remembering
    private let configuration: AdapterConfiguration

    init(store: any SessionStore, configuration: AdapterConfiguration, clock: any SessionClock) {
        self.remembering = Remembering(store: store, configuration: configuration, clock: clock)
        self.configuration = configuration
    }

    /// `isConfirmed`: the action group's schema says that the user confirms this action.
    func answer(to request: ActionRequest, isConfirmed: Bool, logger: Logger) async -> ActionAnswer {
        let phrases = WalletPhrases(style: request.operation)
        guard var action = BuiltInAction(request.operation), self.configuration.remembered.contains(.wallet) else {
            return phrases.unknownAction
        }
        let given = action == .rememberWallet ? self.given(in: request) : []
        // Without anything to store it is a lookup, and fails like one.
        if action == .rememberWallet, given.isEmpty {
            guard self.remembering.code(in: request) == nil else {
                return self.remembering.phrases(.wallet, self.action(phrases)).codeAlone
            }
            action = .recallWallet
        }
        do throws(SessionStoreError) {
            let caller = try Caller(request.sessionAttributes, attribute: self.configuration.userAttribute)
            switch action {
            case .rememberWallet: return try await self.remember(given, request, caller, isConfirmed, phrases)
            case .recallWallet: return try await self.recall(request, caller, phrases)
            case .forgetWallet: return phrases.forgotten(try await self.remembering.forgetWallet(in: request, as: caller))
            }
        } catch {
            logger.warning("action failed", metadata: ["action": .string(action.name), "error": .string(error.code.label)])
            if error.code == .malformedItem, action == .recallWallet {
                return self.remembering.phrases(.wallet, self.action(phrases)).unreadable
            }
            return ActionAnswer(error, isWrite: action != .recallWallet)
        }
    }

    private func remember(
        _ given: [GivenField], _ request: ActionRequest, _ caller: Caller, _ isConfirmed: Bool, _ phrases: WalletPhrases
    ) async throws(SessionStoreError) -> ActionAnswer {
        var action = self.action(phrases)
        action.isConfirmed = isConfirmed || self.configuration.confirmedActions.contains(phrases.remember)
        switch try await self.remembering.settle(given, for: action, in: request, as: caller) {
        case .answer(let answer): return answer
        case .ready(let values): return phrases.stored(self.named(values.filter { $0.value.origin == .given }))
        }
    }

    private func recall(
        _ request: ActionRequest, _ caller: Caller, _ phrases: WalletPhrases
    ) async throws(SessionStoreError) -> ActionAnswer {
        var action = self.action(phrases)
        action.needed = [RememberedField.wallet.name]
        switch try await self.remembering.settle([], for: action, in: request, as: caller) {
        case .answer(let answer): return answer
        case .ready(let values): return phrases.known(self.named(values))
        }
    }

    private func action(_ phrases: WalletPhrases) -> Remembering.Action {
        Remembering.Action(parameters: [RememberedField.wallet.name: self.walletName], call: "call \(phrases.remember)")
    }

    private var walletName: String { self.configuration.walletParameters.first ?? RememberedField.wallet.name }

    /// What the event says of remembered fields; the wallet has names of its own.
    private func given(in request: ActionRequest) -> [GivenField] {
        self.configuration.remembered.flatMap { field in
            let names = field == .wallet ? self.configuration.walletParameters : [field.name]
            return GivenWallet.texts(in: request, names: names).map { GivenField(field.name, $0) }
        }
    }

    /// Values in the order of the configuration, under the names that the answer has for them.
    private func named(_ values: [String: RememberedValue]) -> [(name: String, value: RememberedValue)] {
        self.configuration.remembered.compactMap { field in
            values[field.name].map { (field == .wallet ? self.walletName : field.name, $0) }
        }
    }
}

extension Remembering {
    /// Forgets the wallet; false when there was none.
    fileprivate func forgetWallet(in request: ActionRequest, as caller: Caller) async throws(SessionStoreError) -> Bool {
        let items = try await self.memory.items(request.sessionID, caller, .strong)
        let turn = Turn(request.inputText, in: request.sessionID).digest
        return try await self.memory.forget(.wallet, in: items, as: caller, turn: turn)
    }
}
