import SessionStore

/// Settles the remembered fields of an action before it runs: what the event gives is checked and stored, what it omits is looked up, and only what
/// nobody knows is asked for.
struct Remembering: Sendable {
    private let memory: WalletMemory
    private let configuration: AdapterConfiguration

    init(store: any SessionStore, configuration: AdapterConfiguration, clock: any SessionClock) {
        self.memory = WalletMemory(store, clock: clock)
        self.configuration = configuration
    }

    /// Every remembered field's value, or what to tell the model instead.
    ///
    /// - Parameters:
    ///   - given: What the event supplies, bound to the fields' names. Blank texts and words such as `null` count as not given.
    ///   - needed: The names of the fields that the action cannot do without.
    ///   - request: The event: its session, its user's words, its style.
    ///   - caller: On whose behalf, from the session attributes.
    ///   - acts: Whether the action is anything but a GET. It is then refused a wallet that may be out of date.
    ///   - isConfirmed: Whether the action group has had this call confirmed by the user (`requireConfirmation: ENABLED` of a function,
    ///     `x-requireConfirmation: ENABLED` of an operation): Bedrock then invokes the action only after the user agreed to its parameters.
    func settle(
        _ given: [GivenField], needed: Set<String>, for request: ActionRequest, as caller: Caller, acts: Bool, isConfirmed: Bool = false
    ) async throws(SessionStoreError) -> Settlement {
        let phrases = WalletPhrases(style: request.operation, parameter: self.configuration.walletParameters.first ?? WalletFields.address)
        var wallets: Set<WalletAddress> = []
        for text in GivenWallet.meaningful(given.filter { $0.name == WalletFields.address }.map(\.text)) {
            wallets.insert(try WalletAddress(text))
        }
        guard wallets.count < 2 else { return .answer(phrases.severalGiven) }
        if let wallet = wallets.first {
            try await self.memory.remember(wallet, session: request.sessionID, as: caller)
            return .ready([WalletFields.address: RememberedValue(.wallet(wallet), origin: .given)])
        }
        let recollection = try await self.memory.recall(session: request.sessionID, as: caller)
        switch recollection {
        case .wallet(let recalled) where !acts || recalled.staleness == nil:
            let origin: RememberedValue.Origin = recalled.source == .memory ? .memory : .session
            return .ready([WalletFields.address: RememberedValue(.wallet(recalled.wallet), origin: origin, staleness: recalled.staleness)])
        case .wallet where needed.contains(WalletFields.address):
            return .answer(
                ActionAnswer(
                    .unavailable,
                    "The memory cannot be reached at the moment, and what was read earlier may not be acted on. Try again later."))
        case .none where needed.contains(WalletFields.address), .conflict where needed.contains(WalletFields.address):
            return .answer(phrases.recalled(recollection))
        case .none, .wallet, .conflict: return .ready([:])
        }
    }
}
