/// What an event supplies for a remembered field. Whoever makes one has bound the parameter's name to the field's.
public struct GivenField: Hashable, Sendable {
    /// The remembered field's name (`wallet_address`), whatever the parameter was called.
    public var name: String
    /// The parameter's text as the event has it, unchecked.
    public var text: String

    /// What was given under a field.
    public init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}
