/// A value in a session's data: DynamoDB's types, kept as they are.
///
/// Source: Amazon DynamoDB API reference, `AttributeValue`. Numbers are decimal text of up to 38 significant digits, so that none is rounded on its way
/// through a `Double`.
public enum SessionValue: Hashable, Sendable {
    /// `S`
    case string(String)
    /// `N`: decimal text
    case number(String)
    /// `B`
    case binary([UInt8])
    /// `BOOL`
    case bool(Bool)
    /// `NULL`
    case null
    /// `L`
    case list([SessionValue])
    /// `M`
    case map(SessionData)
    /// `SS`: unordered, never empty
    case stringSet(Set<String>)
    /// `NS`: unordered, never empty
    case numberSet(Set<String>)
    /// `BS`: unordered, never empty
    case binarySet(Set<[UInt8]>)

    /// The text, if this is a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number as an integer, if it is one that fits.
    public var integer: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }
}

extension SessionValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    /// `S`
    public init(stringLiteral value: String) { self = .string(value) }
    /// `BOOL`
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// `N`
    public init(integerLiteral value: Int64) { self = .number(String(value)) }
}
