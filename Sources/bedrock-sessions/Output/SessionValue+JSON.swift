import Foundation
import JSON
import SessionStore

/// Session values as plain JSON, in both directions.
///
/// Texts, truth values, null, lists and maps are themselves. What JSON has no word for is an object with one member: `{"$binary": "<base64>"}`,
/// `{"$stringSet": [...]}`, `{"$numberSet": ["1", ...]}`, `{"$binarySet": [...]}`, and `{"$number": "<digits>"}` for a number that a JSON reader
/// would round.
extension SessionValue {
    private enum Tag: String {
        case number = "$number"
        case binary = "$binary"
        case stringSet = "$stringSet"
        case numberSet = "$numberSet"
        case binarySet = "$binarySet"
    }

    /// The value as JSON. Sets come sorted, so that equal values have equal texts.
    var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .number(let text): ExactNumber.survives(text) ? .number(text) : Self.tagged(.number, .string(text))
        case .bool(let value): .bool(value)
        case .null: .null
        case .list(let elements): .array(elements.map(\.json))
        case .map(let members): Self.object(members)
        case .binary(let bytes): Self.tagged(.binary, .string(Data(bytes).base64EncodedString()))
        case .stringSet(let texts): Self.tagged(.stringSet, .array(texts.sorted().map { .string($0) }))
        case .numberSet(let texts): Self.tagged(.numberSet, .array(texts.sorted().map { .string($0) }))
        case .binarySet(let elements):
            Self.tagged(.binarySet, .array(elements.map { Data($0).base64EncodedString() }.sorted().map { .string($0) }))
        }
    }

    /// Fields as a JSON object, sorted by name.
    static func object(_ data: SessionData) -> JSONValue {
        .object(data.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) })
    }

    private static func tagged(_ tag: Tag, _ value: JSONValue) -> JSONValue {
        .object([JSONValue.Member(tag.rawValue, value)])
    }

    /// Reads a JSON value. Throws `.invalidValue` for a tag with something else than it promises.
    init(json: JSONValue) throws(SessionStoreError) {
        switch json {
        case .string(let text): self = .string(text)
        case .number(let text): self = .number(text)
        case .bool(let value): self = .bool(value)
        case .null: self = .null
        case .array(let elements):
            var values: [SessionValue] = []
            for element in elements { values.append(try SessionValue(json: element)) }
            self = .list(values)
        case .object(let members):
            if members.count == 1, let tag = Tag(rawValue: members[0].name) {
                self = try Self.read(tag, members[0].value)
            } else {
                self = .map(try Self.data(members))
            }
        }
    }

    /// Reads fields from a JSON object's members. Throws `.invalidValue`.
    static func data(_ members: [JSONValue.Member]) throws(SessionStoreError) -> SessionData {
        var data: SessionData = [:]
        for member in members { data[member.name] = try SessionValue(json: member.value) }
        return data
    }

    private static func read(_ tag: Tag, _ value: JSONValue) throws(SessionStoreError) -> SessionValue {
        switch tag {
        case .number: return .number(try Self.text(value, tag))
        case .binary: return .binary(try Self.bytes(value, tag))
        case .stringSet: return .stringSet(Set(try Self.elements(value, tag, Self.text)))
        case .numberSet: return .numberSet(Set(try Self.elements(value, tag, Self.text)))
        case .binarySet: return .binarySet(Set(try Self.elements(value, tag, Self.bytes)))
        }
    }

    private static func text(_ value: JSONValue, _ tag: Tag) throws(SessionStoreError) -> String {
        guard let text = value.string else { throw Self.malformed(tag) }
        return text
    }

    private static func bytes(_ value: JSONValue, _ tag: Tag) throws(SessionStoreError) -> [UInt8] {
        guard let data = Data(base64Encoded: try Self.text(value, tag)) else { throw Self.malformed(tag) }
        return Array(data)
    }

    private static func elements<Element>(
        _ value: JSONValue, _ tag: Tag, _ read: (JSONValue, Tag) throws(SessionStoreError) -> Element
    ) throws(SessionStoreError) -> [Element] {
        guard let values = value.elements else { throw Self.malformed(tag) }
        var elements: [Element] = []
        for value in values { elements.append(try read(value, tag)) }
        return elements
    }

    private static func malformed(_ tag: Tag) -> SessionStoreError {
        let rule =
            switch tag {
            case .number: "the number's digits as a text"
            case .binary: "base64"
            case .stringSet: "a list of texts"
            case .numberSet: "a list of numbers, each as a text"
            case .binarySet: "a list of base64 texts"
            }
        return SessionStoreError(.invalidValue, "the member \(tag.rawValue) holds \(rule)")
    }
}
