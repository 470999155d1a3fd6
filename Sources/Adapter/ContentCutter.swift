import JSON

/// Cuts the body of an answer that is too large for an agent: text between characters, JSON so that it stays JSON. A note says so.
///
/// The body is a text within the answer's JSON, so bytes are counted as they are there: with the escapes of that, on top of the body's own.
enum ContentCutter {
    private static let note = "Cut here: the whole answer is larger than an agent can take in. Ask for less to see the rest."
    /// A part smaller than this is left out instead of being cut.
    private static let crumb = 24

    /// The content in at most so many bytes of the answer.
    static func cut(_ content: ActionContent, to limit: Int) -> ActionContent {
        switch content.form {
        case .text(let text):
            let end = "\n[\(Self.note)]"
            return ActionContent(text: Self.prefix(of: text, limit - QuotedSize.of(text: end)) { QuotedSize.of(text: $0) } + end)
        case .json(let tree):
            let frame: JSONValue = ["data": nil, "note": .string(Self.note)]
            let data = Self.pruned(tree, limit - QuotedSize.of(json: frame) + 4)?.value ?? .null
            return ActionContent(json: ["data": data, "note": .string(Self.note)])
        }
    }

    /// The longest beginning of whole characters that takes so many bytes.
    private static func prefix(of text: String, _ budget: Int, size: (Substring) -> Int) -> Substring {
        var end = text.startIndex
        var left = budget
        for index in text.indices {
            let next = text.index(after: index)
            left -= size(text[index..<next])
            guard left >= 0 else { break }
            end = next
        }
        return text[..<end]
    }

    private typealias Part = (value: JSONValue, size: Int)

    /// The beginning of a value in so many bytes; nil when nothing of it fits.
    private static func pruned(_ value: JSONValue, _ budget: Int) -> Part? {
        let whole = QuotedSize.of(json: value)
        if whole <= budget { return (value, whole) }
        guard budget >= Self.crumb else { return nil }
        let part: JSONValue
        switch value {
        case .string(let text): part = .string(Self.prefix(of: text, budget - 7) { QuotedSize.of(jsonText: $0) } + "…")
        case .array(let elements): part = .array(Self.pruned(elements, budget - 2))
        case .object(let members): part = .object(Self.pruned(members, budget - 2))
        case .number, .bool, .null: return nil
        }
        return (part, QuotedSize.of(json: part))
    }

    private static func pruned(_ elements: [JSONValue], _ budget: Int) -> [JSONValue] {
        var kept: [JSONValue] = []
        var left = budget
        for element in elements {
            guard let part = Self.pruned(element, left - 1) else { break }
            kept.append(part.value)
            left -= part.size + 1
            // What was cut is the last one.
            if part.value != element { break }
        }
        return kept
    }

    /// Members behind one that is too large are kept where they take less than half of the room: often they say how much there is.
    private static func pruned(_ members: [JSONValue.Member], _ budget: Int) -> [JSONValue.Member] {
        let frames = members.map { QuotedSize.of(json: .string($0.name)) + 2 }
        let sizes = zip(members, frames).map { QuotedSize.of(json: $0.value) + $1 }
        var behind = sizes.reduce(0, +)
        var kept: [JSONValue.Member] = []
        var left = budget
        for (index, member) in members.enumerated() {
            behind -= sizes[index]
            let reserve = behind <= left / 2 ? behind : 0
            guard let part = Self.pruned(member.value, left - reserve - frames[index]) else { continue }
            kept.append(JSONValue.Member(member.name, part.value))
            left -= frames[index] + part.size
        }
        return kept
    }
}

/// Bytes of a body within the text of an answer, whose quotes, backslashes and control characters are escaped there.
enum QuotedSize {
    /// Of a text.
    static func of(text: some StringProtocol) -> Int {
        text.utf8.reduce(0) { $0 + Self.escaped($1) }
    }

    /// Of a JSON tree.
    static func of(json: JSONValue) -> Int {
        switch json {
        // An escaped quote at each end.
        case .string(let text): 4 + Self.of(jsonText: text)
        case .number(let text): text.utf8.count
        case .bool(let value): value ? 4 : 5
        case .null: 4
        case .array(let elements): elements.reduce(2 + max(elements.count - 1, 0)) { $0 + Self.of(json: $1) }
        case .object(let members):
            members.reduce(2 + max(members.count - 1, 0)) { $0 + 5 + Self.of(jsonText: $1.name) + Self.of(json: $1.value) }
        }
    }

    /// Of the inside of a JSON string: escaped there, and once more.
    static func of(jsonText: some StringProtocol) -> Int {
        jsonText.utf8.reduce(0) { size, byte in
            switch Self.escaped(byte) {
            case 1: size + 1
            // `\"` becomes `\\\"`, `\n` becomes `\\n`.
            case 2: size + (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 4 : 3)
            default: size + 7
            }
        }
    }

    private static func escaped(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): 2
        case 0..<0x20: 6
        default: 1
        }
    }
}
