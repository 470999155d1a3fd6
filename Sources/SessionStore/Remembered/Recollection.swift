/// What is remembered of a field.
public enum Recollection: Hashable, Sendable {
    /// Nothing: ask for it. `forgottenAt`: it was forgotten then, on request.
    case none(forgottenAt: Timestamp?)
    /// This value.
    case value(RecalledValue)
    /// The session was used before its user was known, and holds another value than the user's memory. Ask which one is meant, then remember that one.
    case conflict(session: RecalledValue, memory: RecalledValue)

    /// The value that counts: in a conflict the memory's.
    public var current: RecalledValue? {
        switch self {
        case .none: nil
        case .value(let value), .conflict(_, let value): value
        }
    }
}

/// A value, and where it was found.
public struct RecalledValue: Hashable, Sendable {
    /// The value.
    public var value: FieldValue
    /// Which item holds it.
    public var source: RecalledWallet.Source
    /// When it was given; nil where the item does not say.
    public var updatedAt: Timestamp?
    /// Nil when what was read is as fresh as the store promises; otherwise the age of the oldest copy that decided, because the table did not answer.
    public var staleness: Duration?

    /// A value with these parts.
    public init(_ value: FieldValue, source: RecalledWallet.Source, updatedAt: Timestamp? = nil, staleness: Duration? = nil) {
        self.value = value
        self.source = source
        self.updatedAt = updatedAt
        self.staleness = staleness
    }
}
