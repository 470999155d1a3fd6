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

    /// Checks `text` and brings it into its normal form. Throws `.invalidWallet` or `.invalidValue` with a sentence that does not repeat it.
    public init(_ text: some StringProtocol, as kind: RememberedField.Kind) throws(SessionStoreError) {
        switch kind {
        case .wallet: self = .wallet(try WalletAddress(text))
        case .text: self = .text(try FieldText.clean(text))
        case .number: self = .number(try Self.number(FieldText.trimmed(text)))
        case .boolean:
            switch FieldText.trimmed(text).lowercased() {
            case "true": self = .boolean(true)
            case "false": self = .boolean(false)
            default: throw SessionStoreError(.invalidValue, "a truth value is true or false")
            }
        }
    }

    /// The value as an action's parameter spells it. Never log it.
    public var text: String {
        switch self {
        case .wallet(let wallet): wallet.text
        case .text(let text), .number(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        }
    }

    /// The wallet, if it is one.
    public var wallet: WalletAddress? {
        if case .wallet(let wallet) = self { wallet } else { nil }
    }

    /// The value as `data` holds it.
    package var stored: SessionValue {
        switch self {
        case .wallet(let wallet): .string(wallet.text)
        case .text(let text): .string(text)
        case .number(let text): .number(text)
        case .boolean(let flag): .bool(flag)
        }
    }

    /// What `data` holds, whoever wrote it; nil: null and the empty text, which older programs wrote, are no value. Throws as `init(_:as:)`.
    package static func read(_ stored: SessionValue?, as kind: RememberedField.Kind) throws(SessionStoreError) -> FieldValue? {
        switch (stored, kind) {
        case (nil, _), (.null, _), (.string(""), _): return nil
        case (.string(let text), _): return try FieldValue(text, as: kind)
        case (.number(let text), .number): return try FieldValue(text, as: kind)
        case (.number(let text), .text): return try FieldValue(text, as: kind)
        case (.bool(let flag), .boolean): return .boolean(flag)
        default: throw SessionStoreError(.invalidValue, "what is stored has another type")
        }
    }

    private static func number(_ text: String) throws(SessionStoreError) -> String {
        // 38 digits, a sign, a point and an exponent; zeros in front could be any number.
        guard text.utf8.count <= 64 else { throw SessionStoreError(.invalidValue, "a number has up to 38 significant digits") }
        try SessionValue.number(text).validate()
        return text
    }
}

extension FieldValue: CustomStringConvertible, CustomReflectable {
    /// Not the value: that is `text`.
    public var description: String {
        switch self {
        case .wallet(let wallet): wallet.description
        case .text: "a text"
        case .number: "a number"
        case .boolean: "a truth value"
        }
    }
    /// Without the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
