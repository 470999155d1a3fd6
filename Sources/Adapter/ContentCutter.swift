import JSON

/// Cuts the body of an answer that is too large for an agent: text between characters, JSON so that it stays JSON. A note says so.
struct ContentCutter {
    private static let note = "Cut here: the whole answer is larger than an agent can take in. Ask for less to see the rest."
    /// A part smaller than this is left out instead of being cut.
    private static let crumb = 24

    /// The content in at most so many bytes, as the text of a JSON string without its quotes.
    static func cut(_ content: ActionContent, toQuotedBytes limit: Int) -> ActionContent {
        var budget = limit
        // Quotes and backslashes count twice within a string; how many there are is known once it is cut.
        for _ in 0..<12 {
            let candidate = Self.cut(content, toBytes: max(budget, 0))
            let size = Self.quotedSize(candidate.text)
            if size <= limit { return candidate }
            budget = min(budget - 16, budget * limit / size)
        }
        return ActionContent(text: "")
    }

    /// Bytes of a text as a JSON string, without its quotes.
    static func quotedSize(_ text: String) -> Int {
        var writer = JSONWriter(capacity: text.utf8.count + 2)
        writer.string(text)
        return writer.bytes.count - 2
    }

    private static func cut(_ content: ActionContent, toBytes budget: Int) -> ActionContent {
        switch content.form {
        case .text(let text):
            return ActionContent(text: SafeText.prefix(of: text, bytes: budget - Self.note.utf8.count - 3) + "\n[\(Self.note)]")
        case .json(let tree):
            let frame: JSONValue = ["data": nil, "note": .string(Self.note)]
            let data = Self.pruned(tree, to: budget - frame.encoded.count + 4) ?? .null
            return ActionContent(json: ["data": data, "note": .string(Self.note)])
        }
    }

    /// The beginning of a value in so many bytes; nil when nothing of it fits.
    private static func pruned(_ value: JSONValue, to budget: Int) -> JSONValue? {
        if value.encoded.count <= budget { return value }
        guard budget >= Self.crumb else { return nil }
        switch value {
        case .string(let text): return .string(SafeText.prefix(of: text, bytes: budget - 5) + "…")
        case .array(let elements): return .array(Self.pruned(elements, to: budget - 2))
        case .object(let members): return .object(Self.pruned(members, to: budget - 2))
        case .number, .bool, .null: return nil
        }
    }

    private static func pruned(_ elements: [JSONValue], to budget: Int) -> [JSONValue] {
        var kept: [JSONValue] = []
        var left = budget
        for element in elements {
            guard let part = Self.pruned(element, to: left - 1) else { break }
            kept.append(part)
            left -= part.encoded.count + 1
            // What was cut is the last one.
            if part != element { break }
        }
        return kept
    }

    /// Members behind one that is too large are kept where they take less than half of the room: often they say how much there is.
    private static func pruned(_ members: [JSONValue.Member], to budget: Int) -> [JSONValue.Member] {
        let sizes = members.map { JSONValue.string($0.name).encoded.count + $0.value.encoded.count + 2 }
        var behind = sizes.reduce(0, +)
        var kept: [JSONValue.Member] = []
        var left = budget
        for (member, size) in zip(members, sizes) {
            behind -= size
            let reserve = behind <= left / 2 ? behind : 0
            let frame = size - member.value.encoded.count
            guard let part = Self.pruned(member.value, to: left - reserve - frame) else { continue }
            kept.append(JSONValue.Member(member.name, part))
            left -= frame + part.encoded.count
        }
        return kept
    }
}
