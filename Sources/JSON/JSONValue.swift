/// A JSON value as a tree, for those who want to keep, change or build one. Reading a few members is cheaper from a `JSONNode`.
package indirect enum JSONValue: Hashable, Sendable {
    /// Members in their order.
    case object([Member])
    case array([JSONValue])
    case string(String)
    /// As it was written, every digit.
    case number(String)
    case bool(Bool)
    case null

    /// A member of an object.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Parses UTF-8 bytes.
    package init(parsing bytes: [UInt8], maximumDepth: Int = JSONDocument.maximumDepth) throws(JSONError) {
        self = try JSONDocument(parsing: bytes, maximumDepth: maximumDepth).withRoot { JSONValue($0) }
    }

    /// A copy of a node and what is below it; a document's depth limit bounds the recursion.
    package init(_ node: JSONNode) {
        switch node.kind {
        case .object: self = .object(node.members.map { Member($0.name, JSONValue($0.value)) })
        case .array: self = .array(node.elements.map { JSONValue($0) })
        case .string: self = .string(node.string ?? "")
        case .integer, .double: self = .number(node.number ?? "0")
        case .bool: self = .bool(node.bool ?? false)
        case .null: self = .null
        }
    }

    /// The member of that name; nil if there is none or this is no object. Set to nil: the member is removed; on anything but an object: no effect.
    package subscript(_ name: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): return
            }
            self = .object(members)
        }
    }

    /// The text of a string.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The number, if it is a whole one that fits.
    package var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
    /// The truth value.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements of an array.
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members of an object.
    package var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// Writes it.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .string(let text): writer.string(text)
        case .number(let text): writer.number(text)
        case .bool(let value): writer.bool(value)
        case .null: writer.null()
        }
    }

    /// Its text as UTF-8.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        self.write(to: &writer)
        return writer.bytes
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .number(value.description) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(members.map { Member($0.0, $0.1) }) }
    package init(nilLiteral: ()) { self = .null }
}
