/// A field that an agent is asked for once: a session keeps it and, when the user is known, that user's memory, which outlives sessions.
///
/// ```swift
/// let chain = try RememberedField("chain", .text)
/// ```
public struct RememberedField: Hashable, Sendable {
    /// Its name, in `data` and in the agent's actions.
    public let name: String
    /// What its values are.
    public let kind: Kind

    /// What a value is, and what is checked of it.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A wallet's address: `WalletAddress`.
        case wallet
        /// A text of up to 256 bytes; control characters are left out.
        case text
        /// A decimal number of up to 38 digits.
        case number
        /// `true` or `false`.
        case boolean
    }

    /// The wallet, under the name that deployments of this table have always had.
    public static let wallet = RememberedField(unchecked: WalletFields.address, .wallet)

    /// A field of that name. Throws `.invalidValue` for a name that cannot be one: 1 to 64 of `a-z A-Z 0-9 _`, a letter first, and none that the
    /// bookkeeping of another field or the answers of the adapter use.
    public init(_ name: some StringProtocol, _ kind: Kind) throws(SessionStoreError) {
        let bytes = Array(name.utf8)
        guard (1...64).contains(bytes.count), let first = bytes.first, Self.isLetter(first),
            bytes.allSatisfy({ Self.isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
        else {
            throw SessionStoreError(.invalidValue, "a remembered field's name has 1 to 64 of a-z A-Z 0-9 _, a letter first")
        }
        let name = String(name)
        guard !Self.isReserved(name) else {
            throw SessionStoreError(.invalidValue, "a remembered field cannot have a name that the bookkeeping uses; choose another")
        }
        guard name != WalletFields.address || kind == .wallet else {
            throw SessionStoreError(
                .invalidValue, "the field \(WalletFields.address) holds wallets; a field of another type needs another name")
        }
        (self.name, self.kind) = (name, kind)
    }

    private init(unchecked name: String, _ kind: Kind) {
        (self.name, self.kind) = (name, kind)
    }

    /// The bookkeeping fields of `wallet_address` begin with `wallet`, those of another field with its own name.
    private static func isReserved(_ name: String) -> Bool {
        name == "wallet" || name.hasPrefix("previous_") || Self.suffixes.contains { name.hasSuffix($0) } || Self.answers.contains(name)
    }

    private static let suffixes = ["_updated_at", "_forgotten_at", "_changed_at", "_pending", "_forgotten_in"]
    /// What an answer holds beside fields, and the wallet's other name.
    private static let answers: Set<String> = [
        "status", "message", "wallet_confirmation_code", "session_id", "user_id", "expiration", "walletAddress",
    ]

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

/// The fields beside a remembered one that say what became of it.
extension RememberedField {
    private var stem: String { self.name == WalletFields.address ? "wallet" : self.name }

    /// When the value was given: `N`, milliseconds since the Unix epoch. Values of other programs lack it.
    package var updatedAt: String { self.stem + "_updated_at" }
    /// In a memory: when the value was forgotten, `N`, milliseconds since the Unix epoch. It outranks copies that are not younger.
    package var forgottenAt: String { self.stem + "_forgotten_at" }
    /// In which turn it was forgotten: `S`, a digest.
    package var forgottenIn: String { self.stem + "_forgotten_in" }
    /// The value before the last one that was different.
    package var previous: String { "previous_" + self.name }
    /// When the value took the place of another one: `N`, milliseconds since the Unix epoch.
    package var changedAt: String { self.stem + "_changed_at" }
    /// In a session: a change that waits for the user's confirmation.
    package var pending: String { self.stem + "_pending" }

    /// All that is kept for the field, itself included.
    package var allNames: Set<String> {
        [self.name, self.updatedAt, self.forgottenAt, self.forgottenIn, self.previous, self.changedAt, self.pending]
    }
}
