/// What becomes of a wallet that an agent gives and its user may not have meant.
public enum WalletChangePolicy: String, Hashable, Sendable, CaseIterable {
    /// A wallet in place of another one, or one that the user has not typed, is stored once the user has confirmed it.
    case confirm
    /// Whatever valid address the agent gives is stored at once.
    case allow
}
