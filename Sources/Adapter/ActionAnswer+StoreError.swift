import SessionStore

extension ActionAnswer {
    /// What the model hears when a store did not do what was asked: what it may do about it, nothing of what happened inside.
    ///
    /// An outage must never look like "no wallet": each of these sentences says that nothing is known.
    init(_ error: SessionStoreError, isWrite: Bool) {
        switch error.code {
        case .invalidWallet, .invalidValue:
            self.init(.invalid, "\(error.message.sentence) Ask the user to check it.")
        case .invalidUserID:
            self.init(.failed, "The application did not say correctly who the user is, so nothing was looked up and nothing was stored.")
        case .notOwner:
            self.init(.notAllowed, "This session belongs to another user: nothing of it can be shown or changed.")
        case .outcomeUnknown:
            self.init(.outcomeUnknown, "It is not known whether the change was kept. Look it up before doing anything else with it.")
        case .deadlineExceeded where isWrite, .cancelled where isWrite, .closed where isWrite:
            self.init(.outcomeUnknown, "The change was not confirmed in time. Look the wallet up before doing anything else with it.")
        case .unavailable, .throttled, .overloaded, .deadlineExceeded, .conflict, .cancelled, .closed:
            self.init(
                .unavailable,
                isWrite
                    ? "The memory cannot be reached at the moment, so the change is not confirmed. Try again later."
                    : "The memory cannot be reached at the moment, so it is not known whether a wallet is stored. Try again later.")
        case .tooLarge:
            self.init(.failed, "The session holds too much already: nothing more can be stored in it.")
        default:
            self.init(
                .failed,
                isWrite
                    ? "The memory does not work and needs its operator, so the change is not confirmed."
                    : "The memory does not work and needs its operator, so it is not known whether a wallet is stored.")
        }
    }
}

extension String {
    /// As a sentence of its own: a capital at the start, a full stop at the end.
    fileprivate var sentence: String {
        let start = self.prefix(1).uppercased() + self.dropFirst()
        return start.hasSuffix(".") ? start : start + "."
    }
}
