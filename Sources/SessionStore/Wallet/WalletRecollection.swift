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

/// The decision between a user's memory and a session's copy. Pure.
package enum WalletRules {
    /// What `memory` (nil: the user is not known) and `session` say together. Throws `.malformedItem`.
    package static func recall(memory: Session??, session: Session?) throws(SessionStoreError) -> WalletRecollection {
        let staleness = [memory ?? nil, session].compactMap { $0?.staleness }.max()
        let known = try WalletRecord(reading: memory ?? nil)
        if let wallet = known.wallet {
            let inMemory = RecalledWallet(wallet: wallet, source: .memory, updatedAt: known.updatedAt, staleness: staleness)
            // An unreadable copy in the session does not matter where the memory knows.
            guard let session, session.owner == nil, let copy = try? WalletRecord(session.data), let other = copy.wallet, other != wallet
            else {
                return .wallet(inMemory)
            }
            let inSession = RecalledWallet(wallet: other, source: .session, updatedAt: copy.updatedAt, staleness: staleness)
            return .conflict(session: inSession, memory: inMemory)
        }
        let copy = try WalletRecord(reading: session)
        guard let wallet = copy.wallet else { return .none(forgottenAt: known.forgottenAt) }
        if let mark = known.forgottenAt, !copy.isYounger(than: mark) { return .none(forgottenAt: mark) }
        return .wallet(RecalledWallet(wallet: wallet, source: .session, updatedAt: copy.updatedAt, staleness: staleness))
    }

    /// The fields of an item that remembers `wallet`.
    package static func remember(_ wallet: WalletAddress, at now: Timestamp) -> SessionWrite.Change {
        .update(
            set: [WalletFields.address: .string(wallet.text), WalletFields.updatedAt: .number(String(now.milliseconds))],
            remove: [WalletFields.forgottenAt])
    }

    /// The fields of a memory that has forgotten: a mark that outranks every copy known, whatever clock dated it.
    package static func forgetInMemory(at now: Timestamp, copies: [Session?]) -> SessionWrite.Change {
        let dates = copies.compactMap { $0?.data[WalletFields.updatedAt]?.integer }
        let mark = dates.reduce(now.milliseconds, max)
        return .update(
            set: [WalletFields.forgottenAt: .number(String(mark))], remove: [WalletFields.address, WalletFields.updatedAt])
    }

    /// The fields of a session that has forgotten.
    package static let forgetInSession = SessionWrite.Change.update(
        set: [:], remove: [WalletFields.address, WalletFields.updatedAt, WalletFields.forgottenAt])
}

extension WalletRecord {
    fileprivate init(reading session: Session?) throws(SessionStoreError) {
        if let session { try self.init(session.data) } else { self = .empty }
    }
}

extension Session {
    /// The age, where this copy is older than the store usually answers with.
    fileprivate var staleness: Duration? {
        if case .stale(let age) = self.origin { age } else { nil }
    }
}
