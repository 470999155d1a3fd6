/// A parameter of an action, or a property of its request body: a model filled it in, so nothing about it can be relied on.
public struct ActionParameter: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// The type that the action group declares (`string`, `number`, ...), if the event says.
    public var type: String?
    /// The value. Bedrock sends every value as text; where another program sends JSON numbers, truth values or structures, their JSON text.
    /// Nil when the event has none, or null.
    public var value: String?

    /// A parameter with these parts.
    public init(name: String, type: String? = nil, value: String?) {
        self.name = name
        self.type = type
        self.value = value
    }
}
