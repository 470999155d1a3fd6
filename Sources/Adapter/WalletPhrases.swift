import SessionStore

/// What the wallet's own actions say to the model when they have done something, naming actions as its action group does.
struct WalletPhrases {
    private let isAPI: Bool
    /// What the action that remembers is called.
    let remember: String

    /// `style` decides how actions are called.
    init(style: ActionOperation) {
        switch style {
        case .api: (self.isAPI, self.remember) = (true, "POST /wallet")
        case .function: (self.isAPI, self.remember) = (false, "rememberWallet")
        }
    }

    var unknownAction: ActionAnswer {
        ActionAnswer(
            .unknownAction,
            self.isAPI
                ? "There is no such operation here. There are POST /wallet, GET /wallet and DELETE /wallet."
                : "There is no such function here. There are rememberWallet, recallWallet and forgetWallet.")
    }

    func stored(_ values: [(name: String, value: RememberedValue)]) -> ActionAnswer {
        let isWallet = values.contains { $0.value.value.wallet != nil }
        return Self.answer(
            .stored, isWallet ? "The wallet address is stored. Use it, and do not ask for it again." : "It is stored.", values)
    }

    func known(_ values: [(name: String, value: RememberedValue)]) -> ActionAnswer {
        Self.answer(.known, "This is the stored wallet address. Use it, and do not ask for it.", values)
    }

    func forgotten(_ removed: Bool) -> ActionAnswer {
        ActionAnswer(.forgotten, removed ? "The wallet address is forgotten." : "No wallet address was stored.")
    }

    private static func answer(
        _ status: ActionAnswer.Status, _ message: String, _ values: [(name: String, value: RememberedValue)]
    ) -> ActionAnswer {
        // Several fields are read at once, so their notes say the same.
        let note = values.lazy.compactMap(\.value.note).first.map { " " + $0 } ?? ""
        return ActionAnswer(status, message + note, fields: values.map { .init($0.name, $0.value.text) })
    }
}
