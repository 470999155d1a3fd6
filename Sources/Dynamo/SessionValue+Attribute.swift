import JSON
import SessionStore

extension SessionValue {
    /// Reads `{"S": "..."}` and its nine sisters.
    ///
    /// Source: Amazon DynamoDB API reference, `AttributeValue`. Nesting is bounded by the document's depth limit.
    init(attribute node: JSONNode) throws(AttributeProblem) {
        guard let (type, value) = AttributeType.split(node) else { throw .notAnAttribute }
        switch type {
        case .string: self = .string(try Self.text(value, "S"))
        case .number: self = .number(try Self.number(value, "N"))
        case .binary: self = .binary(try Self.binary(value, "B"))
        case .bool:
            guard let flag = value.bool else { throw .malformed(type: "BOOL") }
            self = .bool(flag)
        case .null:
            // `{"NULL": false}` is refused by the service.
            guard value.bool == true else { throw .malformed(type: "NULL") }
            self = .null
        case .list:
            guard value.kind == .array else { throw .malformed(type: "L") }
            var elements: [SessionValue] = []
            elements.reserveCapacity(value.count)
            for element in value.elements { elements.append(try SessionValue(attribute: element)) }
            self = .list(elements)
        case .map: self = .map(try Self.members(value))
        case .stringSet: self = .stringSet(try Self.set(value, "SS", Self.text))
        case .numberSet: self = .numberSet(try Self.set(value, "NS", Self.number))
        case .binarySet: self = .binarySet(try Self.set(value, "BS", Self.binary))
        case .unknown: throw .unknownType
        }
    }

    /// Reads the content of an `M`, or an item: attribute values by name.
    static func members(_ node: JSONNode) throws(AttributeProblem) -> SessionData {
        guard node.kind == .object else { throw .malformed(type: "M") }
        var members = SessionData()
        for (name, value) in node.members { members[name] = try SessionValue(attribute: value) }
        return members
    }

    private static func text(_ node: JSONNode, _ type: String) throws(AttributeProblem) -> String {
        guard let text = node.string else { throw .malformed(type: type) }
        return text
    }

    private static func number(_ node: JSONNode, _ type: String) throws(AttributeProblem) -> String {
        guard let text = node.string else { throw .malformed(type: type) }
        // The service spells numbers as JSON does; emulators give back what they were given ("+5", ".5").
        guard JSONNumber.isValid(text) || (try? DecimalNumber(text)) != nil else { throw .malformed(type: type) }
        return text
    }

    private static func binary(_ node: JSONNode, _ type: String) throws(AttributeProblem) -> [UInt8] {
        guard let bytes = unsafe node.withUTF8({ unsafe Base64.decode($0) }) ?? nil else { throw .malformed(type: type) }
        return bytes
    }

    private static func set<Element: Hashable>(
        _ node: JSONNode, _ type: String, _ read: (JSONNode, String) throws(AttributeProblem) -> Element
    ) throws(AttributeProblem) -> Set<Element> {
        guard node.kind == .array, node.count > 0 else { throw .malformed(type: type) }
        var elements = Set<Element>(minimumCapacity: node.count)
        for element in node.elements { elements.insert(try read(element, type)) }
        return elements
    }
}
