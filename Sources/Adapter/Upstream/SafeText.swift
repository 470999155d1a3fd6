import JSON

/// Texts from outside on their way to a model: data, bounded, and nothing in them that a person would not see.
///
/// Left out are control characters (but line ends and tabs), what changes the direction of text, invisible marks, and the tag characters in which a
/// whole sentence can be hidden from everybody but a model.
enum SafeText {
    /// The text without what is left out.
    static func cleaned(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) || $0 == 0x0a || $0 == 0x09 }) { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.lazy.filter(Self.isVisible))
        return String(scalars)
    }

    /// The same, of at most so many bytes, cut between characters; a cut shows as `…`.
    static func cleaned(_ text: String, maximumBytes: Int) -> String {
        let whole = Self.cleaned(text)
        guard whole.utf8.count > maximumBytes else { return whole }
        return Self.prefix(of: whole, bytes: maximumBytes - 3) + "…"
    }

    /// The longest beginning of whole characters within so many bytes.
    static func prefix(of text: String, bytes: Int) -> Substring {
        var end = text.startIndex
        var count = 0
        for index in text.indices {
            count += text[index].utf8.count
            guard count <= bytes else { break }
            end = text.index(after: index)
        }
        return text[..<end]
    }

    /// All texts of a tree, names included.
    static func cleaned(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text): .string(Self.cleaned(text))
        case .array(let elements): .array(elements.map { Self.cleaned($0) })
        case .object(let members):
            .object(members.map { JSONValue.Member(Self.cleaned($0.name), Self.cleaned($0.value)) })
        case .number, .bool, .null: json
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x09: true
        case 0...0x1f, 0x7f...0x9f: false
        // The soft hyphen, directions, marks without width, line and paragraph separators.
        case 0xad, 0x061c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb: false
        // Tags and variation selectors beyond the usual ones.
        case 0xe0000...0xe0fff: false
        default: true
        }
    }
}
