/// The fields of a session or a user's memory that concern the wallet.
public enum WalletFields {
    /// The address: `S`. Deployments of this table have always kept it here.
    public static let address = "wallet_address"
    /// When the address was given: `N`, milliseconds since the Unix epoch. Older items lack it.
    public static let updatedAt = "wallet_updated_at"
    /// In a memory: when the address was forgotten, `N`, milliseconds since the Unix epoch. It outranks copies that are not younger.
    public static let forgottenAt = "wallet_forgotten_at"
    /// The address before the last change: `S`.
    public static let previous = "previous_wallet_address"
    /// When the address took the place of another one: `N`, milliseconds since the Unix epoch.
    public static let changedAt = "wallet_changed_at"
}
