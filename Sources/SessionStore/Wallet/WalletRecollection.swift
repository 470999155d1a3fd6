/// What is remembered of a wallet.
public enum WalletRecollection: Hashable, Sendable {
    /// Nothing: ask for it. `forgottenAt`: it was forgotten then, on request.
    case none(forgottenAt: Timestamp?)
    /// This wallet.
    case wallet(RecalledWallet)
    /// The session was used before its user was known, and holds another wallet than the user's memory. Ask which one is meant, then remember that one.
    case conflict(session: RecalledWallet, memory: RecalledWallet)
}

/// A wallet, and where it was found.
public struct RecalledWallet: Hashable, Sendable {
    /// The address.
    public var wallet: WalletAddress
    /// Which item holds it.
    public var source: Source
    /// When it was given; nil where the item does not say.
    public var updatedAt: Timestamp?
    /// Nil when what was read is as fresh as the store promises; otherwise the age of the oldest copy that decided, because the table did not answer.
    /// Show such a wallet, but do not act on it.
    public var staleness: Duration?

    /// The items that can hold a wallet.
    public enum Source: Hashable, Sendable {
        /// The memory of the user: it knows best.
        case memory
        /// The session: the user is not known, or has no memory of a wallet.
        case session
    }

    /// A wallet with these parts.
    public init(wallet: WalletAddress, source: Source, updatedAt: Timestamp? = nil, staleness: Duration? = nil) {
        self.wallet = wallet
        self.source = source
        self.updatedAt = updatedAt
        self.staleness = staleness
    }
}

extension WalletRecollection {
    /// What a recollection of the wallet's field says.
    package init(_ recollection: Recollection) {
        switch recollection {
        case .none(let forgottenAt): self = .none(forgottenAt: forgottenAt)
        case .value(let value): self = RecalledWallet(value).map { .wallet($0) } ?? .none(forgottenAt: nil)
        case .conflict(let session, let memory):
            guard let session = RecalledWallet(session), let memory = RecalledWallet(memory) else {
                self = .none(forgottenAt: nil)
                return
            }
            self = .conflict(session: session, memory: memory)
        }
    }
}

extension RecalledWallet {
    /// Nil for a value that is no wallet, which the wallet's field never has.
    fileprivate init?(_ recalled: RecalledValue) {
        guard let wallet = recalled.value.wallet else { return nil }
        self.init(wallet: wallet, source: recalled.source, updatedAt: recalled.updatedAt, staleness: recalled.staleness)
    }
}
