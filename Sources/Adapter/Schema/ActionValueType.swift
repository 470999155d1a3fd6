/// The type that an action group's schema declares for a value.
public indirect enum ActionValueType: Hashable, Sendable {
    /// Any text.
    case string
    /// A decimal number of any size.
    case number
    /// A whole number of any size.
    case integer
    /// True or false.
    case boolean
    /// A list of values of one type.
    case array(of: ActionValueType)
    /// Values by name. `isOpen`: names that are not declared are kept as they come; otherwise they are left out.
    case object(properties: [String: ActionValueType], isOpen: Bool)

    /// An object about which nothing is declared.
    static let anyObject = ActionValueType.object(properties: [:], isOpen: true)

    /// The type of that name, as schemas and events spell it; a list holds texts, an object anything. Nil for a name that is no type.
    init?(name: String) {
        switch name {
        case "string": self = .string
        case "number": self = .number
        case "integer": self = .integer
        case "boolean": self = .boolean
        case "array": self = .array(of: .string)
        case "object": self = .anyObject
        default: return nil
        }
    }

    /// Its name in a schema.
    public var name: String {
        switch self {
        case .string: "string"
        case .number: "number"
        case .integer: "integer"
        case .boolean: "boolean"
        case .array: "array"
        case .object: "object"
        }
    }

    /// What a value of this type has to be, for a sentence to the model.
    var wish: String {
        switch self {
        case .string: "a text"
        case .number: "a number such as 12.5"
        case .integer: "a whole number such as 12"
        case .boolean: "true or false"
        case .array(let element): "a list such as \(element.exampleOfList)"
        case .object: "a JSON object such as {\"name\": \"value\"}"
        }
    }

    private var exampleOfList: String {
        switch self {
        case .string: "[\"a\", \"b\"]"
        case .number: "[1.5, 2]"
        case .integer: "[1, 2]"
        case .boolean: "[true, false]"
        case .array: "[[1, 2], [3]]"
        case .object: "[{\"name\": \"value\"}]"
        }
    }
}
