package import JSON

/// A value of an action, in the type that its schema declares.
public indirect enum ActionValue: Hashable, Sendable {
    /// A text.
    case string(String)
    /// A number, as decimal text that JSON allows: every digit is kept.
    case number(String)
    /// True or false.
    case boolean(Bool)
    /// A list.
    case array([ActionValue])
    /// Values by name.
    case object([String: ActionValue])
    /// Nothing, within a list or an object.
    case null

    /// The text, if it is one.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The digits of a number, if it is one.
    public var number: String? { if case .number(let text) = self { text } else { nil } }
    /// The number, if it is a whole one that fits.
    public var integer: Int64? { self.number.flatMap { Int64($0) } }
    /// The nearest `Double`, if it is a number.
    public var double: Double? { self.number.flatMap { Double($0) } }
    /// The truth value, if it is one.
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    /// The elements, if it is a list.
    public var array: [ActionValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members, if it is an object.
    public var object: [String: ActionValue]? { if case .object(let members) = self { members } else { nil } }

    /// As a JSON tree, names in the order of their bytes: equal values have equal texts.
    package var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .number(let text): .number(text)
        case .boolean(let value): .bool(value)
        case .array(let elements): .array(elements.map(\.json))
        case .object(let members): .object(members.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) })
        case .null: .null
        }
    }

    /// What a JSON tree holds.
    package init(_ json: JSONValue) {
        switch json {
        case .string(let text): self = .string(text)
        case .number(let text): self = .number(text)
        case .bool(let value): self = .boolean(value)
        case .array(let elements): self = .array(elements.map { ActionValue($0) })
        case .object(let members): self = .object(Dictionary(members.map { ($0.name, ActionValue($0.value)) }) { $1 })
        case .null: self = .null
        }
    }

    /// As one text: a text as it is, everything else as JSON writes it.
    public var text: String {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .array, .object, .null: String(decoding: self.json.encoded, as: UTF8.self)
        }
    }
}
