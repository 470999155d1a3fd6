import JSON
import SessionStore

/// Session values as plain JSON. What JSON has no word for is an object with one member, as the local server has it: `{"$binary": "<base64>"}`,
/// `{"$stringSet": […]}`, `{"$numberSet": […]}`, `{"$binarySet": […]}`.
extension SessionValue {
    /// The value that a JSON value is. Throws `.invalidValue` for what no item can hold.
    init(plain json: JSONValue) throws(SessionStoreError) {
        switch json {
        case .string(let text): self = .string(text)
        case .number(let text): self = .number(text)
        case .bool(let flag): self = .bool(flag)
        case .null: self = .null
        case .array(let elements):
            var values: [SessionValue] = []
            for element in elements { values.append(try SessionValue(plain: element)) }
            self = .list(values)
        case .object(let members):
            var values: SessionData = [:]
            for member in members { values[member.name] = try SessionValue(plain: member.value) }
            self = .map(values)
        }
    }

    /// The value as JSON; sets sorted, so that equal values have equal texts.
    var plain: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .number(let text): JSONNumber.isValid(text) ? .number(text) : .string(text)
        case .bool(let flag): .bool(flag)
        case .null: .null
        case .list(let elements): .array(elements.map(\.plain))
        case .map(let members): Self.object(members)
        case .binary(let bytes): Self.tagged("$binary", .string(Self.base64(bytes)))
        case .stringSet(let texts): Self.tagged("$stringSet", .array(texts.sorted().map { .string($0) }))
        case .numberSet(let texts): Self.tagged("$numberSet", .array(texts.sorted().map { .string($0) }))
        case .binarySet(let elements): Self.tagged("$binarySet", .array(elements.map { Self.base64($0) }.sorted().map { .string($0) }))
        }
    }

    /// Fields as a JSON object, sorted by name.
    static func object(_ data: SessionData) -> JSONValue {
        .object(data.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.plain) })
    }

    private static func tagged(_ tag: String, _ value: JSONValue) -> JSONValue {
        .object([JSONValue.Member(tag, value)])
    }

    /// RFC 4648, section 4.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0..<4 {
                text.append(digit <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * digit) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
