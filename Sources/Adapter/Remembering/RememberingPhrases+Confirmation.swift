import SessionStore

extension RememberingPhrases {
    /// The name of the parameter that carries a code.
    static let codeParameter = "wallet_confirmation_code"

    /// What is to be asked before a wallet is stored; both addresses in full.
    func confirm(_ question: WalletChange.Question) -> ActionAnswer {
        let (new, code) = (question.wallet.text, question.code)
        var fields = [ActionAnswer.Field("new_\(self.parameter)", new)]
        var ask = "This \(self.noun) is not stored, because the user has not typed it: \(new). Show it to the user in full"
        if let current = question.current {
            fields.insert(ActionAnswer.Field("stored_\(self.parameter)", current.text), at: 0)
            ask =
                "Another \(self.noun) is stored, and nothing was changed. Stored: \(current.text). New: \(new). Show the user both in full"
        }
        fields.append(ActionAnswer.Field(Self.codeParameter, code))
        return ActionAnswer(
            .unconfirmed,
            Self.reason(question.reason) + ask + " and ask for the code \(code) in reply, if the new one is right. When the user has "
                + "typed the code, \(self.call) with the new address as \(self.parameter) and the code as \(Self.codeParameter). The code counts only "
                + "in a later message that the user types; it cannot be given for the user.",
            fields: fields)
    }

    /// A code without the address that it is for.
    var codeAlone: ActionAnswer {
        ActionAnswer(
            .invalid, "A \(Self.codeParameter) confirms one address: \(self.call) with that address as \(self.parameter) and with the code."
        )
    }

    private static func reason(_ reason: WalletChange.Reason) -> String {
        switch reason {
        case .new, .unanswered: ""
        case .sameTurn: "The code was given in the turn in which it was shown, where it does not count. "
        case .notTyped: "The user's message holds neither the code nor the address, so it confirms nothing. "
        case .wrongCode: "This is not the code for this change, or it is no longer valid. "
        }
    }
}
