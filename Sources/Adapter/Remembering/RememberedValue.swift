public import SessionStore

/// The value of a remembered field that an action may use.
public struct RememberedValue: Hashable, Sendable {
    /// The value, checked.
    public var value: FieldValue
    /// Where it comes from.
    public var origin: Origin
    /// Nil when it is as fresh as the store promises; otherwise its age, because the table did not answer. A wallet that has one is never handed to
    /// an action that acts.
    public var staleness: Duration?
    /// A sentence about the value that the model should hear, to be added to the answer's message; nil: none.
    public var note: String?

    /// Where a value comes from.
    public enum Origin: Hashable, Sendable {
        /// The event gave it; it is stored.
        case given
        /// The user's memory.
        case memory
        /// The session.
        case session
    }

    /// The value as a parameter spells it.
    public var text: String { self.value.text }

    /// A value with these parts.
    public init(_ value: FieldValue, origin: Origin, staleness: Duration? = nil, note: String? = nil) {
        self.value = value
        self.origin = origin
        self.staleness = staleness
        self.note = note
    }
}
