import SessionStore

/// Decides whether a wallet that an agent gives may be stored: text that reached the model may have made it give an attacker's. Pure.
struct WalletChange {
    /// The field that is to hold it.
    var field: RememberedField
    /// The address that was given.
    var wallet: WalletAddress
    /// The address that is stored; nil: none.
    var current: WalletAddress?
    /// The turns in which the stored one was forgotten, as far as the items say.
    var forgottenIn: Set<String>
    /// What waits for a confirmation.
    var pending: PendingChange?

    /// How far the clocks of two processes may be apart.
    private static let maximumSkew = Duration.seconds(60)

    /// The circumstances of the call.
    struct Context {
        var session: SessionID
        var user: UserID?
        var turn: Turn
        /// What the event carries as the code; nil: nothing.
        var code: String?
        var now: Timestamp
        /// How long a change waits.
        var lifetime: Duration
        /// 128 random bits, for a change that is asked about now.
        var nonce: String
    }

    /// What to do.
    enum Verdict: Hashable {
        /// Store it.
        case store
        /// Store it after the pending change was taken away: it is confirmed once.
        case storeConfirmed
        /// Store nothing, ask.
        case ask(Question)
    }

    /// What the user is asked.
    struct Question: Hashable {
        var field: RememberedField
        var wallet: WalletAddress
        var current: WalletAddress?
        var code: String
        var reason: Reason
        /// What the session has to hold from now on; nil: what it holds already.
        var note: PendingChange?
    }

    /// Why it is asked.
    enum Reason: Hashable {
        /// The change was not asked about before.
        case new
        /// It was, and this call says nothing of it.
        case unanswered
        /// The code came in the turn in which it was shown.
        case sameTurn
        /// Neither the code nor the address is in what the user said.
        case notTyped
        /// The code is not that of this change, or no longer.
        case wrongCode
    }

    func verdict(_ context: Context) -> Verdict {
        if self.wallet == self.current { return .store }
        let words = TypedWords(context.turn.words)
        // Forgotten and given anew in one turn is a change in two steps.
        if self.current == nil, !self.forgottenIn.contains(context.turn.digest), words.contain(self.wallet) { return .store }
        guard let pending = self.pending, pending.wallet == self.wallet.text, pending.until > context.now,
            pending.until <= context.now + context.lifetime + Self.maximumSkew
        else {
            let asked = PendingChange(
                wallet: self.wallet.text, turn: context.turn.digest, nonce: context.nonce, until: context.now + context.lifetime)
            return .ask(self.question(asked, context, context.code == nil ? .new : .wrongCode, isNew: true))
        }
        let code = self.code(pending, context)
        let isTyped = words.contain(code: code)
        guard let given = context.code ?? (isTyped ? code : nil) else {
            return .ask(self.question(pending, context, .unanswered, isNew: false))
        }
        guard ConfirmationCode.matches(given, code) else { return .ask(self.question(pending, context, .wrongCode, isNew: false)) }
        guard pending.turn != context.turn.digest else { return .ask(self.question(pending, context, .sameTurn, isNew: false)) }
        // The model knows the code. What it cannot do is to make the user type it, or the address.
        guard isTyped || words.contain(self.wallet) else { return .ask(self.question(pending, context, .notTyped, isNew: false)) }
        return .storeConfirmed
    }

    private func code(_ pending: PendingChange, _ context: Context) -> String {
        pending.code(for: self.field, from: self.current?.text, in: context.session, of: context.user)
    }

    private func question(_ pending: PendingChange, _ context: Context, _ reason: Reason, isNew: Bool) -> Question {
        Question(
            field: self.field, wallet: self.wallet, current: self.current, code: self.code(pending, context), reason: reason,
            note: isNew ? pending : nil)
    }
}
