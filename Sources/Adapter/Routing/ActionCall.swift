/// One call of an action, as its handler sees it: the event, and the values in their types.
///
/// A remembered field that the event omits has the remembered value; a required one that nobody knows was asked for before the handler is called.
public struct ActionCall: Sendable {
    /// The event.
    public let request: ActionRequest
    /// What the schema says of the action; nil where there is no schema.
    public let route: ActionRoute?
    /// The values by name.
    public internal(set) var values: [String: ActionValue]
    /// Whether the action may change something.
    public let acts: Bool

    /// The value of that name; nil: it was not given.
    public subscript(name: String) -> ActionValue? { self.values[name] }

    /// The text of that name. Throws `ActionValueError`, which the model is told of, when there is none.
    public func string(_ name: String) throws(ActionValueError) -> String {
        guard let value = self.values[name] else { throw ActionValueError(name, .missing) }
        return value.text
    }

    /// The whole number of that name. Throws `ActionValueError` when there is none, or none that fits.
    public func integer(_ name: String) throws(ActionValueError) -> Int64 {
        try self.value(name, .integer) { Int64($0.text) }
    }

    /// The number of that name, as its digits. Throws `ActionValueError` when there is none.
    public func number(_ name: String) throws(ActionValueError) -> String {
        try self.value(name, .number) { (try? ValueParser.parse($0.text, as: .number))?.number }
    }

    /// The truth value of that name. Throws `ActionValueError` when there is none.
    public func boolean(_ name: String) throws(ActionValueError) -> Bool {
        try self.value(name, .boolean) { (try? ValueParser.parse($0.text, as: .boolean))?.boolean }
    }

    /// The list of that name. Throws `ActionValueError` when there is none.
    public func array(_ name: String) throws(ActionValueError) -> [ActionValue] {
        try self.value(name, .array(of: .string)) { $0.array ?? (try? ValueParser.parse($0.text, as: .array(of: .string)))?.array }
    }

    /// The object of that name. Throws `ActionValueError` when there is none.
    public func object(_ name: String) throws(ActionValueError) -> [String: ActionValue] {
        try self.value(name, .anyObject) { $0.object ?? (try? ValueParser.parse($0.text, as: .anyObject))?.object }
    }

    private func value<Value>(
        _ name: String, _ type: ActionValueType, _ read: (ActionValue) -> Value?
    ) throws(ActionValueError) -> Value {
        guard let value = self.values[name] else { throw ActionValueError(name, .missing) }
        guard let read = read(value) else { throw ActionValueError(name, .wrong(wish: type.wish)) }
        return read
    }
}

/// A value that a handler cannot do without, or cannot use. Thrown by a handler, it becomes an answer that the model can act on.
public struct ActionValueError: Error, Hashable, Sendable {
    /// What is the matter with it.
    enum Kind: Hashable, Sendable {
        case missing
        case wrong(wish: String)
    }

    let name: String
    let kind: Kind

    init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The value of `name` was not given.
    public static func missing(_ name: String) -> ActionValueError { ActionValueError(name, .missing) }

    /// The value of `name` is wrong; `wish` ends the sentence "name has to be ...".
    public static func wrong(_ name: String, hasToBe wish: String) -> ActionValueError { ActionValueError(name, .wrong(wish: wish)) }
}
