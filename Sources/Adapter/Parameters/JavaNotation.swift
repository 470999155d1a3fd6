/// Lists and objects as Java's `toString` writes them, which Bedrock's events have where a model gave no JSON: `[a, b]`, `{name=value, other=[1, 2]}`.
enum JavaNotation {
    /// What stands between the brackets that begin and end a text; nil without them.
    static func inner(of text: String, between open: Character, and close: Character) -> Substring? {
        guard text.count >= 2, text.first == open, text.last == close else { return nil }
        return text.dropFirst().dropLast()
    }

    /// The parts between the commas outside of brackets and double quotes, trimmed; nil where these do not match.
    static func parts(of text: Substring) -> [String]? {
        if text.trimmed.isEmpty { return [] }
        var parts: [String] = []
        var open: [Character] = []
        var isQuoted = false
        var isEscaped = false
        var start = text.startIndex
        for index in text.indices {
            let character = text[index]
            if isQuoted {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isQuoted = false
                }
                continue
            }
            switch character {
            case "\"": isQuoted = true
            case "[": open.append("]")
            case "{": open.append("}")
            case "]", "}":
                guard open.popLast() == character else { return nil }
            case "," where open.isEmpty:
                parts.append(text[start..<index].trimmed)
                start = text.index(after: index)
            default: break
            }
        }
        guard open.isEmpty, !isQuoted else { return nil }
        parts.append(text[start...].trimmed)
        return parts
    }

    /// Without the quotes around it.
    static func unquoted(_ text: String) -> String {
        for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
            return String(text.dropFirst().dropLast())
        }
        return text
    }
}
