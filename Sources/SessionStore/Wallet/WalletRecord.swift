/// The fields of a session or a user's memory that concern the wallet.
public enum WalletFields {
    /// The address: `S`. Deployments of this table have always kept it here.
    public static let address = "wallet_address"
    /// When the address was given: `N`, milliseconds since the Unix epoch. Older items lack it.
    public static let updatedAt = "wallet_updated_at"
    /// In a memory: when the address was forgotten, `N`, milliseconds since the Unix epoch. It outranks copies that are not younger.
    public static let forgottenAt = "wallet_forgotten_at"
}

/// What one item says about a wallet.
package struct WalletRecord: Hashable, Sendable {
    /// The address, in its normal form.
    package var wallet: WalletAddress?
    /// When it was given; nil: nobody noted it.
    package var updatedAt: Timestamp?
    /// When it was forgotten.
    package var forgottenAt: Timestamp?

    /// A record that says nothing.
    package static let empty = WalletRecord()

    private init() {}

    /// Reads the wallet fields. Null and the empty text, which older programs wrote, count as no address. Throws `.malformedItem`.
    package init(_ data: SessionData) throws(SessionStoreError) {
        switch data[WalletFields.address] {
        case nil, .null, .string(""): break
        case .string(let text): self.wallet = try Self.stored(text)
        case .number, .binary, .bool, .list, .map, .stringSet, .numberSet, .binarySet: throw Self.unreadable
        }
        self.updatedAt = data[WalletFields.updatedAt]?.integer.map { Timestamp(milliseconds: $0) }
        if let mark = data[WalletFields.forgottenAt] {
            // An unreadable mark is a mark all the same: asking again is safe, an address that was to be forgotten is not.
            self.forgottenAt = Timestamp(milliseconds: mark.integer ?? .max)
        }
        if let mark = self.forgottenAt, !self.isYounger(than: mark) { self.wallet = nil }
    }

    /// Whether the address was given after that instant. One without a date was not.
    package func isYounger(than instant: Timestamp) -> Bool {
        self.updatedAt.map { $0 > instant } ?? false
    }

    private static func stored(_ text: String) throws(SessionStoreError) -> WalletAddress {
        do throws(SessionStoreError) {
            return try WalletAddress(text)
        } catch {
            throw Self.unreadable
        }
    }

    private static var unreadable: SessionStoreError {
        SessionStoreError(.malformedItem, "the wallet address that is stored is not valid; give it again, which replaces it, or forget it")
    }
}
