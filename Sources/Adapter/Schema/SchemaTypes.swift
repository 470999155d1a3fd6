import JSON

/// Reads types out of a document: follows references within it, and knows where it is for what it complains about.
struct SchemaTypes {
    /// Levels of a type; below, anything goes.
    private static let maximumDepth = 16
    /// Schemas looked at in one document: references may multiply.
    private static let maximumSteps = 50_000

    private let document: JSONValue
    private var steps = 0
    private(set) var problems: [String] = []

    init(_ document: JSONValue) {
        self.document = document
    }

    mutating func complain(_ place: String, _ problem: String) {
        // One mistake in a shared schema shows in each place that refers to it; nobody reads the hundredth.
        guard self.problems.count < 100 else { return }
        self.problems.append("\(place): \(problem)")
    }

    /// What a value is once its references were followed; nil, and a complaint, where that leads nowhere.
    mutating func resolved(_ value: JSONValue, at place: String) -> JSONValue? {
        self.followed(value, at: place)?.value
    }

    /// The type that a schema object declares.
    mutating func type(_ schema: JSONValue, at place: String) -> ActionValueType {
        self.type(schema, at: place, depth: 0, within: [])
    }

    /// The properties of an object schema in their order, with what `allOf` adds, and the names that are required; nil, and a complaint, for anything else.
    mutating func properties(_ schema: JSONValue, at place: String) -> (members: [JSONValue.Member], required: Set<String>)? {
        guard let whole = self.merged(schema, at: place, within: []) else { return nil }
        guard whole.type == nil || whole.type == "object" else {
            self.complain(place, "a body is an object with properties: the event of an agent has no other")
            return nil
        }
        return (whole.properties, whole.required)
    }

    // MARK: - Types

    private mutating func type(_ schema: JSONValue, at place: String, depth: Int, within: Set<String>) -> ActionValueType {
        guard depth < Self.maximumDepth, let whole = self.merged(schema, at: place, within: within) else { return .anyObject }
        let name = whole.type ?? (whole.properties.isEmpty ? (whole.items == nil ? "string" : "array") : "object")
        switch ActionValueType(name: name) {
        case .array:
            guard let items = whole.items else { return .array(of: .string) }
            return .array(of: self.type(items, at: "\(place).items", depth: depth + 1, within: whole.within))
        case .object:
            var types: [String: ActionValueType] = [:]
            for member in whole.properties {
                types[member.name] = self.type(
                    member.value, at: "\(place).properties.\(member.name)", depth: depth + 1, within: whole.within)
            }
            return .object(properties: types, isOpen: types.isEmpty || whole.isOpen)
        case let type?: return type
        case nil:
            self.complain(place, "the type \(name) is none of string, number, integer, boolean, array, object")
            return .string
        }
    }

    /// What a schema and its `allOf` say together.
    private struct Whole {
        var type: String?
        var items: JSONValue?
        var properties: [JSONValue.Member] = []
        var required: Set<String> = []
        var isOpen = false
        /// The references that lead here: one of them again means a type that contains itself.
        var within: Set<String>
    }

    private mutating func merged(_ schema: JSONValue, at place: String, within: Set<String>) -> Whole? {
        self.steps += 1
        guard self.steps <= Self.maximumSteps else {
            if self.steps == Self.maximumSteps + 1 { self.complain(place, "the schema's references multiply beyond measure") }
            return nil
        }
        guard let (value, references) = self.followed(schema, at: place) else { return nil }
        guard value.members != nil else {
            self.complain(place, "a schema is an object")
            return nil
        }
        // A type that contains itself is fine; from there on anything goes.
        guard within.isDisjoint(with: references) else { return nil }
        var whole = Whole(within: within.union(references))
        self.add(value, to: &whole, at: place)
        for (index, part) in (value["allOf"]?.elements ?? []).enumerated() {
            guard let other = self.merged(part, at: "\(place).allOf[\(index)]", within: whole.within) else { continue }
            whole.type = whole.type ?? other.type
            whole.items = whole.items ?? other.items
            let known = Set(whole.properties.map(\.name))
            whole.properties += other.properties.filter { !known.contains($0.name) }
            whole.required.formUnion(other.required)
            whole.isOpen = whole.isOpen || other.isOpen
            whole.within.formUnion(other.within)
        }
        return whole
    }

    private mutating func add(_ value: JSONValue, to whole: inout Whole, at place: String) {
        // OpenAPI 3.1 has lists of types, of which null is one.
        whole.type = value["type"]?.string ?? value["type"]?.elements?.compactMap(\.string).first { $0 != "null" }
        whole.items = value["items"]
        whole.properties = value["properties"]?.members ?? []
        if value["properties"] != nil, value["properties"]?.members == nil { self.complain(place, "properties is an object") }
        whole.required = Set((value["required"]?.elements ?? []).compactMap(\.string))
        switch value["additionalProperties"] {
        case .bool(true), .object: whole.isOpen = true
        case nil, .null, .bool, .array, .string, .number: break
        }
    }

    // MARK: - References

    private mutating func followed(_ value: JSONValue, at place: String) -> (value: JSONValue, references: Set<String>)? {
        var value = value
        var seen: Set<String> = []
        while let reference = value["$ref"]?.string {
            guard seen.insert(reference).inserted else {
                self.complain(place, "the reference \(reference) leads back to itself")
                return nil
            }
            guard let target = self.target(reference) else {
                self.complain(place, "there is no \(reference) in the document; references are followed within it alone (#/components/...)")
                return nil
            }
            value = target
        }
        return (value, seen)
    }

    /// Source: RFC 6901 (JSON Pointer), section 6: as the fragment of a URI.
    private func target(_ reference: String) -> JSONValue? {
        guard reference == "#" || reference.hasPrefix("#/") else { return nil }
        var value = self.document
        for part in reference.dropFirst().split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let text = PercentText.decoded(part) else { return nil }
            let name = Self.unescaped(text)
            if let elements = value.elements {
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                guard let member = value[name] else { return nil }
                value = member
            }
        }
        return value
    }

    /// `~1` is a slash, `~0` a tilde: RFC 6901, section 4.
    private static func unescaped(_ part: String) -> String {
        let pieces = part.split(separator: "~", omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(into: String(pieces[0])) { name, piece in
            switch piece.first {
            case "0": name += "~" + piece.dropFirst()
            case "1": name += "/" + piece.dropFirst()
            default: name += "~" + piece
            }
        }
    }
}
