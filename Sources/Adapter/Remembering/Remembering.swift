import SessionStore

/// Settles the remembered fields of an action before it runs: what the event gives is checked and stored, what it omits is looked up, and only what
/// nobody knows is asked for.
///
/// Nothing is decided here: `FieldRules` says what counts, `WalletChange` what may be stored. This reads, asks them, and writes under a fence.
final class Remembering: Sendable {
    /// How often another writer may come between reading and writing.
    static let attempts = 5

    let memory: FieldMemory
    let configuration: AdapterConfiguration
    let clock: any SessionClock

    init(store: any SessionStore, configuration: AdapterConfiguration, clock: any SessionClock) {
        self.memory = FieldMemory(store, clock: clock)
        self.configuration = configuration
        self.clock = clock
    }

    /// An action as far as it matters here.
    struct Action: Sendable {
        /// The names of the fields that it cannot do without.
        var needed: Set<String> = []
        /// Whether it is anything but a GET. It is then refused a wallet that may be out of date.
        var acts = false
        /// Whether the action group has had this call confirmed by the user (`requireConfirmation: ENABLED` of a function, `x-requireConfirmation:
        /// ENABLED` of an operation): Bedrock then invokes the action only after the user agreed to its parameters.
        var isConfirmed = false
        /// What the action's parameters are called, by field name, where that is not the field's name.
        var parameters: [String: String] = [:]
        /// What the model is told to do once it has a value.
        var call = "call this action again"
    }

    /// Every remembered field's value, or what to tell the model instead.
    ///
    /// - Parameters:
    ///   - given: What the event supplies, bound to the fields' names. Blank texts and words such as `null` count as not given.
    ///   - action: What is known of the action.
    ///   - request: The event: its session, its user's words.
    ///   - caller: On whose behalf, from the session attributes.
    func settle(
        _ given: [GivenField], for action: Action, in request: ActionRequest, as caller: Caller
    ) async throws(SessionStoreError) -> Settlement {
        let parsed: GivenValues
        do throws(GivenValues.Problem) {
            parsed = try GivenValues(given, of: self.configuration.remembered)
        } catch {
            switch error {
            case .invalid(let field, let error): return .answer(self.phrases(field, action).invalid(error))
            case .several(let field): return .answer(self.phrases(field, action).severalGiven)
            }
        }
        let seen = try await self.memory.items(request.sessionID, caller, .cached)
        if parsed.values.isEmpty || self.isKept(parsed, in: seen) { return self.ready(parsed, action, seen) }
        return try await self.store(parsed, self.code(in: request), action, request, caller)
    }

    func phrases(_ field: RememberedField, _ action: Action) -> RememberingPhrases {
        RememberingPhrases(field: field, parameter: action.parameters[field.name] ?? field.name, call: action.call)
    }

    /// Stores what is given, or asks. A write by somebody else in between is a reason to decide anew.
    private func store(
        _ given: GivenValues, _ code: String?, _ action: Action, _ request: ActionRequest, _ caller: Caller
    ) async throws(SessionStoreError) -> Settlement {
        var confirmed: [RememberedField: Confirmed] = [:]
        for attempt in 1...Self.attempts {
            // What is about to be decided on is what the table says.
            let items = try await self.memory.items(request.sessionID, caller, .strong)
            do throws(SessionStoreError) {
                switch self.judge(given, code, action, request, items, confirmed) {
                case .store:
                    let isFenced = given.values.keys.contains { $0.kind == .wallet }
                    try await self.memory.remember(given.values, in: items, as: caller, isFenced: isFenced)
                    return self.ready(given, action, items)
                case .take(let field, let change):
                    // The code is spent before anything else happens: two calls cannot both have it.
                    try await self.memory.note(set: [:], remove: [field.pending], in: items, as: caller)
                    confirmed[field] = change
                case .ask where !confirmed.isEmpty:
                    // What is confirmed is not lost because another field is asked about.
                    let values = given.values.filter { confirmed[$0.key] != nil }
                    try await self.memory.remember(values, in: items, as: caller, isFenced: true)
                    confirmed = [:]
                case .ask(let question):
                    if let note = question.note {
                        try await self.memory.note(set: [question.field.pending: note.stored], remove: [], in: items, as: caller)
                    }
                    return .answer(self.phrases(question.field, action).confirm(question))
                }
            } catch {
                guard error.code == .conflict, attempt < Self.attempts else { throw error }
            }
        }
        throw SessionStoreError(.conflict, "other writers changed the session each time; nothing was kept: try again later")
    }

    /// A change that the user has confirmed, and whose code is spent.
    private struct Confirmed: Hashable {
        var wallet: WalletAddress
        var current: WalletAddress?
    }

    private enum Step {
        case store
        case take(RememberedField, Confirmed)
        case ask(WalletChange.Question)
    }

    private func judge(
        _ given: GivenValues, _ code: String?, _ action: Action, _ request: ActionRequest, _ items: FieldMemory.Items,
        _ confirmed: [RememberedField: Confirmed]
    ) -> Step {
        guard self.configuration.walletChange == .confirm, !action.isConfirmed else { return .store }
        let context = WalletChange.Context(
            session: request.sessionID, user: items.user, turn: Turn(request.inputText, in: request.sessionID), code: code,
            now: self.clock.now, lifetime: self.configuration.confirmationLifetime, nonce: WriteID.random())
        // In the order of the configuration, so that each call asks about the same one first.
        for field in self.configuration.remembered {
            guard let wallet = given.values[field]?.wallet else { continue }
            let change = WalletChange(field, wallet, in: items)
            if let confirmed = confirmed[field], confirmed.wallet == wallet, confirmed.current == change.current { continue }
            switch change.verdict(context) {
            case .store: continue
            case .storeConfirmed: return .take(field, Confirmed(wallet: wallet, current: change.current))
            case .ask(let question): return .ask(question)
            }
        }
        return .store
    }
}

extension WalletChange {
    /// The change of `field` to `wallet`, as the items have it.
    fileprivate init(_ field: RememberedField, _ wallet: WalletAddress, in items: FieldMemory.Items) {
        let all = [items.memory ?? nil, items.session]
        self.init(
            // What cannot be read is nobody's wallet.
            field: field, wallet: wallet, current: (try? items.recall(field))?.current?.value.wallet,
            forgottenIn: Set(all.compactMap { $0?.data[field.forgottenIn]?.string }),
            pending: PendingChange(items.session?.data[field.pending]))
    }
}
