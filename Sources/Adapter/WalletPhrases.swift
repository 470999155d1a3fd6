import SessionStore

/// What the wallet's actions say to the model, naming actions and parameters as its action group does.
///
/// The sentences are constant but for those names; addresses are fields, and in a conflict, where the user has to see both in full, they are
/// checked ones.
struct WalletPhrases {
    private let isAPI: Bool
    private let remember: String
    private let parameter: String

    /// `style` decides how actions are called, `parameter` is the wallet's name in them.
    init(style: ActionOperation, parameter: String) {
        switch style {
        case .api: (self.isAPI, self.remember) = (true, "POST /wallet")
        case .function: (self.isAPI, self.remember) = (false, "rememberWallet")
        }
        self.parameter = parameter
    }

    var unknownAction: ActionAnswer {
        ActionAnswer(
            .unknownAction,
            self.isAPI
                ? "There is no such operation here. There are POST /wallet, GET /wallet and DELETE /wallet."
                : "There is no such function here. There are rememberWallet, recallWallet and forgetWallet.")
    }

    var severalGiven: ActionAnswer {
        ActionAnswer(.invalid, "Different wallet addresses were given at once. Ask the user which one is meant and give only that one.")
    }

    func stored(_ wallet: WalletAddress) -> ActionAnswer {
        ActionAnswer(
            .stored, "The wallet address is stored. Use it, and do not ask for it again.", fields: [.init(self.parameter, wallet.text)])
    }

    /// Asking is right here: what is given then replaces what is stored.
    var unreadable: ActionAnswer {
        ActionAnswer(
            .unreadable,
            "What is stored is not a valid wallet address. Ask the user for it, then call \(self.remember) with it as \(self.parameter).")
    }

    func recalled(_ recollection: WalletRecollection) -> ActionAnswer {
        switch recollection {
        case .none:
            ActionAnswer(
                .needed, "No wallet address is stored. Ask the user for it, then call \(self.remember) with it as \(self.parameter).")
        case .wallet(let recalled):
            ActionAnswer(
                .known, "This is the stored wallet address. Use it, and do not ask for it." + self.note(recalled.staleness),
                fields: [.init(self.parameter, recalled.wallet.text)])
        case .conflict(let session, let memory):
            ActionAnswer(
                .conflict,
                "Two wallet addresses are stored: \(memory.wallet.text) for this user and \(session.wallet.text) in this session. Show the user "
                    + "both in full, ask which one is right, then call \(self.remember) with it as \(self.parameter).",
                fields: [
                    .init("user_\(self.parameter)", memory.wallet.text), .init("session_\(self.parameter)", session.wallet.text),
                ])
        }
    }

    private func note(_ age: Duration?) -> String {
        age.map {
            " The memory cannot be reached at the moment: the address was read \($0.components.seconds) seconds ago. "
                + "Show it to the user before acting on it."
        } ?? ""
    }

    func forgotten(_ removed: Bool) -> ActionAnswer {
        ActionAnswer(.forgotten, removed ? "The wallet address is forgotten." : "No wallet address was stored.")
    }
}
