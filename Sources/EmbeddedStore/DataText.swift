import Foundation
import JSON
import SessionStore

/// The fields of a session as text: the JSON of DynamoDB's own API, so that a person with the `sqlite3` tool can read it.
///
/// Source: Amazon DynamoDB API reference, `AttributeValue`.
enum DataText {
    /// The text of `data`. Names are sorted: the same fields have the same text.
    static func encode(_ data: SessionData) -> String {
        var writer = JSONWriter()
        Self.write(data, &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The fields of a text. Throws `.malformedItem`.
    static func decode(_ text: String) throws(SessionStoreError) -> SessionData {
        do {
            let document = try JSONDocument(parsing: Array(text.utf8))
            return try document.withRoot { node in try Self.members(node) }
        } catch {
            throw Self.malformed
        }
    }

    private static func write(_ members: SessionData, _ writer: inout JSONWriter) {
        writer.beginObject()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            Self.write(value, &writer)
        }
        writer.endObject()
    }

    private static func write(_ value: SessionValue, _ writer: inout JSONWriter) {
        writer.beginObject()
        switch value {
        case .string(let text): Self.write("S", &writer) { $0.string(text) }
        case .number(let text): Self.write("N", &writer) { $0.string(text) }
        case .binary(let bytes): Self.write("B", &writer) { $0.string(Self.base64(bytes)) }
        case .bool(let isTrue): Self.write("BOOL", &writer) { $0.bool(isTrue) }
        case .null: Self.write("NULL", &writer) { $0.bool(true) }
        case .list(let elements): Self.write("L", elements, &writer) { Self.write($0, &$1) }
        case .map(let members): Self.write("M", &writer) { Self.write(members, &$0) }
        case .stringSet(let elements): Self.write("SS", elements.sorted(), &writer) { $1.string($0) }
        case .numberSet(let elements): Self.write("NS", elements.sorted(), &writer) { $1.string($0) }
        case .binarySet(let elements): Self.write("BS", elements.map(Self.base64).sorted(), &writer) { $1.string($0) }
        }
        writer.endObject()
    }

    private static func write(_ type: String, _ writer: inout JSONWriter, _ value: (inout JSONWriter) -> Void) {
        writer.key(type)
        value(&writer)
    }

    private static func write<Element>(
        _ type: String, _ elements: [Element], _ writer: inout JSONWriter, _ element: (Element, inout JSONWriter) -> Void
    ) {
        writer.key(type)
        writer.beginArray()
        for each in elements { element(each, &writer) }
        writer.endArray()
    }

    private static func members(_ node: JSONNode) throws(SessionStoreError) -> SessionData {
        guard node.kind == .object else { throw Self.malformed }
        var data: SessionData = [:]
        for (name, value) in node.members { data[name] = try Self.value(value) }
        return data
    }

    private static func value(_ node: JSONNode) throws(SessionStoreError) -> SessionValue {
        guard node.kind == .object, node.count == 1, let (type, value) = node.members.first(where: { _ in true }) else {
            throw Self.malformed
        }
        switch type {
        case "S": return .string(try Self.text(value))
        case "N": return .number(try Self.text(value))
        case "B": return .binary(try Self.bytes(value))
        case "BOOL":
            guard let isTrue = value.bool else { throw Self.malformed }
            return .bool(isTrue)
        case "NULL": return .null
        case "L": return .list(try Self.elements(value, Self.value))
        case "M": return .map(try Self.members(value))
        case "SS": return .stringSet(Set(try Self.elements(value, Self.text)))
        case "NS": return .numberSet(Set(try Self.elements(value, Self.text)))
        case "BS": return .binarySet(Set(try Self.elements(value, Self.bytes)))
        default: throw Self.malformed
        }
    }

    private static func elements<Element>(
        _ node: JSONNode, _ element: (JSONNode) throws(SessionStoreError) -> Element
    ) throws(SessionStoreError) -> [Element] {
        guard node.kind == .array else { throw Self.malformed }
        var elements: [Element] = []
        for each in node.elements { elements.append(try element(each)) }
        return elements
    }

    private static func text(_ node: JSONNode) throws(SessionStoreError) -> String {
        guard let text = node.string else { throw Self.malformed }
        return text
    }

    private static func bytes(_ node: JSONNode) throws(SessionStoreError) -> [UInt8] {
        guard let data = Data(base64Encoded: try Self.text(node)) else { throw Self.malformed }
        return Array(data)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    private static var malformed: SessionStoreError {
        SessionStoreError(.malformedItem, "the fields in a row of the file of sessions cannot be read; remove the row")
    }
}
