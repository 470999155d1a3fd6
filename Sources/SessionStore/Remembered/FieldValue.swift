/// A checked value of a remembered field, in its normal form.
public enum FieldValue: Hashable, Sendable {
    /// A wallet's address.
    case wallet(WalletAddress)
    /// A short text without control characters.
    case text(String)
    /// Decimal text of up to 38 digits.
    case number(String)
    /// A truth value.
    case boolean(Bool)

    /// The value as an action's parameter spells it. Never log it.
    public var text: String {
        switch self {
        case .wallet(let wallet): wallet.text
        case .text(let text), .number(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        }
    }
}
