import JSON

extension JSONValue {
    /// For people: a member or element a line, indented.
    var page: String { self.page(indent: "") }

    private func page(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(inner)\(Self.string($0.name).line): \($0.value.page(indent: inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            return "[\n\(elements.map { inner + $0.page(indent: inner) }.joined(separator: ",\n"))\n\(indent)]"
        case .object, .array, .string, .number, .bool, .null: return self.line
        }
    }

    private var line: String { String(decoding: self.encoded, as: UTF8.self) }
}
