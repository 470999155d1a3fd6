/// A path with templates, as an OpenAPI document has it: `/nfts/{wallet_address}/offers`.
///
/// Source: OpenAPI Specification 3.0.3, "Path Templating" and "Paths Object": a literal path comes before one with templates.
public struct PathTemplate: Hashable, Sendable {
    /// One part between slashes.
    public enum Segment: Hashable, Sendable {
        /// This text.
        case literal(String)
        /// A text in which values stand: literal parts and names in turn, beginning and ending with a literal, which may be empty.
        case template([String])
    }

    /// Its text, without a slash at the end.
    public let text: String
    /// Its parts.
    let segments: [Segment]
    /// The same path with every name left out: two templates of one shape take the same paths.
    let shape: String

    /// Why a text is no path.
    struct Problem: Error {
        var sentence: String
    }

    /// Parses a path. Throws what is wrong with it.
    init(_ text: String) throws(Problem) {
        guard text.hasPrefix("/") else { throw Problem(sentence: "a path begins with a slash") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") }), !text.contains(where: { "?#".contains($0) })
        else { throw Problem(sentence: "a path has no spaces, control characters, backslashes, ? or #") }
        let path = ConcretePath(text)
        self.text = path.text
        var segments: [Segment] = []
        var names: Set<String> = []
        for part in path.parts {
            guard !part.isEmpty else { throw Problem(sentence: "a path has no two slashes in a row") }
            guard part != ".", part != ".." else { throw Problem(sentence: "a path has no parts . or ..") }
            let segment = try Self.segment(part)
            for name in segment.names {
                guard names.insert(name).inserted else { throw Problem(sentence: "a path has each name in braces once") }
            }
            segments.append(segment)
        }
        self.segments = segments
        self.shape = "/" + segments.map(\.shape).joined(separator: "/")
    }

    /// The names in braces, in their order.
    public var names: [String] { self.segments.flatMap(\.names) }

    /// Whether it has no templates.
    var isLiteral: Bool { self.names.isEmpty }

    /// Whether an event's path is this template, as it stands in the schema.
    func isNamed(by path: ConcretePath) -> Bool { path.text == self.text }

    /// What stands in a concrete path in place of the names, percent-decoded; nil when the path is another one.
    func values(in path: ConcretePath) -> [String: String]? {
        guard path.isAbsolute, path.parts.count == self.segments.count else { return nil }
        var values: [String: String] = [:]
        for (part, segment) in zip(path.parts, self.segments) {
            guard let found = segment.values(in: part) else { return nil }
            values.merge(found) { $1 }
        }
        return values
    }

    /// Whether this template comes before another one that takes the same path: at the first difference it is the literal one.
    func isMoreSpecific(than other: PathTemplate) -> Bool {
        for (mine, theirs) in zip(self.segments, other.segments) where mine.names.isEmpty != theirs.names.isEmpty {
            return mine.names.isEmpty
        }
        return false
    }

    private static func segment(_ text: Substring) throws(Problem) -> Segment {
        var parts: [String] = []
        var rest = text
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"), rest.index(after: open) < close,
                !rest[rest.index(after: open)..<close].contains("{"), !rest[..<open].contains("}")
            else { throw Problem(sentence: "a path's braces hold one name each") }
            parts.append(String(rest[..<open]))
            parts.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
            guard !rest.hasPrefix("{") else { throw Problem(sentence: "a path has something between two names in braces") }
        }
        guard !rest.contains("}") else { throw Problem(sentence: "a path's braces hold one name each") }
        return parts.isEmpty ? .literal(String(text)) : .template(parts + [String(rest)])
    }
}

extension PathTemplate.Segment {
    /// The names in it.
    var names: [String] {
        switch self {
        case .literal: []
        case .template(let parts): parts.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        }
    }

    fileprivate var shape: String {
        switch self {
        case .literal(let text): text
        case .template(let parts): parts.enumerated().map { $0.offset.isMultiple(of: 2) ? $0.element : "{}" }.joined()
        }
    }

    /// Each name takes the shortest text up to the literal behind it, the last one the rest; none takes nothing.
    fileprivate func values(in part: Substring) -> [String: String]? {
        guard case .template(let parts) = self else {
            guard case .literal(let text) = self else { return nil }
            return part == text || part.utf8.contains(UInt8(ascii: "%")) && PercentText.decoded(part) == text ? [:] : nil
        }
        guard part.hasPrefix(parts[0]) else { return nil }
        var values: [String: String] = [:]
        var rest = part.dropFirst(parts[0].count)
        for index in stride(from: 1, to: parts.count, by: 2) {
            let literal = parts[index + 1]
            let isLast = index + 2 == parts.count
            let end: Substring.Index?
            if isLast {
                end = rest.hasSuffix(literal) ? rest.index(rest.endIndex, offsetBy: -literal.count) : nil
            } else {
                end = rest.indices.first { rest[$0...].hasPrefix(literal) }
            }
            guard let end, end > rest.startIndex, let value = PercentText.decoded(rest[..<end]) else { return nil }
            values[parts[index]] = value
            rest = rest[end...].dropFirst(literal.count)
        }
        return values
    }
}
