import SessionStore

/// What the model hears of a remembered field, naming actions and parameters as its action group does.
///
/// The sentences are constant but for those names; values are fields. Only addresses of wallets that were checked stand in sentences too, where the user
/// has to see them in full.
struct RememberingPhrases {
    let field: RememberedField
    /// The field's name in the action group.
    let parameter: String
    /// What to call with the value.
    let call: String

    var noun: String { self.field == .wallet ? "wallet address" : self.field.name }

    var needed: ActionAnswer {
        ActionAnswer(.needed, "No \(self.noun) is stored. Ask the user for it, then \(self.call) with it as \(self.parameter).")
    }

    /// Asking is right here: what is given then replaces what is stored.
    var unreadable: ActionAnswer {
        ActionAnswer(
            .unreadable,
            "What is stored is not a valid \(self.noun). Ask the user for it, then \(self.call) with it as \(self.parameter).")
    }

    /// What is given is none. `error` does not repeat it.
    func invalid(_ error: SessionStoreError) -> ActionAnswer {
        var error = error
        if self.field != .wallet { error.message = "\(self.parameter) is not valid: \(error.message)" }
        return ActionAnswer(error, isWrite: true)
    }

    var severalGiven: ActionAnswer {
        let what = self.field == .wallet ? "wallet addresses" : "values of \(self.parameter)"
        return ActionAnswer(
            .invalid, "Different \(what) were given at once. Ask the user which one is meant and give only that one.")
    }

    func conflict(session: FieldValue, memory: FieldValue) -> ActionAnswer {
        let isChecked = self.field.kind == .wallet
        let (one, other) = isChecked ? (": \(memory.text) for this user and \(session.text) in this session", "") : ("", "s")
        let what = self.field == .wallet ? "wallet addresses" : "value\(other) of \(self.field.name)"
        return ActionAnswer(
            .conflict,
            "Two \(what) are stored\(one). Show the user both in full, ask which one is right, then \(self.call) with it as "
                + "\(self.parameter).",
            fields: [.init("user_\(self.parameter)", memory.text), .init("session_\(self.parameter)", session.text)])
    }

    /// The table does not answer, and the value may be out of date.
    func stale(_ value: FieldValue) -> ActionAnswer {
        ActionAnswer(
            .stale,
            "The memory cannot be reached at the moment. The \(self.noun) that was read earlier may be out of date, so nothing was done with it. "
                + "Try again later.")
    }

    /// A sentence for a value that is old because the table does not answer.
    func note(staleness: Duration) -> String {
        "The memory cannot be reached at the moment: the \(self.field == .wallet ? "address" : self.noun) was read "
            + "\(staleness.components.seconds) seconds ago. Show it to the user before acting on it."
    }

    /// A sentence for an address that has no checksum.
    static let noChecksum =
        "It was given in letters of one case, which carry no checksum: a wrong character would not be noticed. Show it to the user in full once."
}
