import JSON

/// Turns the texts that a model wrote into values of the declared types. Pure; what is wrong is said without anything of the text.
///
/// Bedrock sends every value as text. Lists and objects come as JSON, or in the notation that Java's `toString` has for them: `[a, b]`, `{name=value}`.
enum ValueParser {
    /// What a value has to be.
    struct Problem: Error, Hashable {
        /// The end of a sentence that begins with the value's name.
        var wish: String
        /// Where within it, if it is not the whole: `[2].price`. Names are the schema's.
        var place = ""
    }

    /// Levels of a list or an object that a model may write.
    static let maximumDepth = 16
    /// Digits of a number.
    private static let maximumDigits = 256

    /// The value of a text.
    static func parse(_ text: String, as type: ActionValueType) throws(Problem) -> ActionValue {
        try self.parse(text, as: type, depth: 0)
    }

    private static func parse(_ text: String, as type: ActionValueType, depth: Int) throws(Problem) -> ActionValue {
        let trimmed = text.trimmed
        switch type {
        case .string: return .string(text)
        case .number:
            guard let number = Self.number(trimmed) else { throw Problem(wish: type.wish) }
            return .number(number)
        case .integer:
            guard let number = Self.number(trimmed).flatMap(Self.whole) else { throw Problem(wish: type.wish) }
            return .number(number)
        case .boolean:
            switch trimmed.lowercased() {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            default: throw Problem(wish: type.wish)
            }
        case .array(let element): return try self.array(trimmed, of: element, type, depth: depth)
        case .object: return try self.object(trimmed, type, depth: depth)
        }
    }

    // MARK: - Numbers

    /// A number in JSON's spelling; a plus sign and zeros in front of it are left out.
    private static func number(_ text: String) -> String? {
        guard text.utf8.count <= self.maximumDigits else { return nil }
        var digits = text[...]
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        while digits.hasPrefix("0"), let next = digits.dropFirst().first, ("0"..."9").contains(next) { digits = digits.dropFirst() }
        let number = (isNegative ? "-" : "") + digits
        return JSONNumber.isValid(number) ? number : nil
    }

    /// The number without a fraction of zeros; nil for one that is not written as a whole one.
    private static func whole(_ number: String) -> String? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard !number.contains(where: { "eE".contains($0) }), parts.count == 1 || parts[1].allSatisfy({ $0 == "0" }) else { return nil }
        return parts[0] == "-0" ? "0" : String(parts[0])
    }

    // MARK: - Lists and objects

    private static func array(
        _ text: String, of element: ActionValueType, _ type: ActionValueType, depth: Int
    ) throws(Problem) -> ActionValue {
        guard depth < self.maximumDepth else { throw Problem(wish: type.wish) }
        if let tree = Self.json(text), case .array = tree { return try self.convert(tree, to: type, depth: depth) }
        if let inner = JavaNotation.inner(of: text, between: "[", and: "]") {
            guard let parts = JavaNotation.parts(of: inner) else { throw Problem(wish: type.wish) }
            var elements: [ActionValue] = []
            for (index, part) in parts.enumerated() {
                elements.append(
                    try self.at("[\(index)]") { () throws(Problem) in
                        try self.parse(JavaNotation.unquoted(part), as: element, depth: depth + 1)
                    })
            }
            return .array(elements)
        }
        // One element alone is a list of one; with commas in it nobody knows.
        guard !text.isEmpty, !text.contains(",") else { throw Problem(wish: type.wish) }
        return .array([try self.parse(text, as: element, depth: depth + 1)])
    }

    private static func object(_ text: String, _ type: ActionValueType, depth: Int) throws(Problem) -> ActionValue {
        guard depth < self.maximumDepth else { throw Problem(wish: type.wish) }
        if let tree = Self.json(text), case .object = tree { return try self.convert(tree, to: type, depth: depth) }
        guard case .object(let properties, let isOpen) = type, let inner = JavaNotation.inner(of: text, between: "{", and: "}"),
            let parts = JavaNotation.parts(of: inner)
        else { throw Problem(wish: type.wish) }
        var members: [String: ActionValue] = [:]
        for part in parts {
            guard let split = part.firstIndex(of: "=") else { throw Problem(wish: type.wish) }
            let name = JavaNotation.unquoted(part[..<split].trimmed)
            // JSON as it is read here has no zero character in a name.
            guard !name.isEmpty, !name.utf8.contains(0), members[name] == nil else { throw Problem(wish: type.wish) }
            let value = JavaNotation.unquoted(part[part.index(after: split)...].trimmed)
            if let declared = properties[name] {
                members[name] = try self.at(".\(name)") { () throws(Problem) in try self.parse(value, as: declared, depth: depth + 1) }
            } else if isOpen {
                members[name] = .string(value)
            }
        }
        return .object(members)
    }

    private static func json(_ text: String) -> JSONValue? {
        try? JSONValue(parsing: Array(text.utf8), maximumDepth: self.maximumDepth)
    }

    /// A JSON value in the declared type: a number may be written as text and the other way round, as models do.
    private static func convert(_ tree: JSONValue, to type: ActionValueType, depth: Int) throws(Problem) -> ActionValue {
        guard depth < self.maximumDepth else { throw Problem(wish: type.wish) }
        switch (tree, type) {
        case (.null, _): return .null
        case (.array(let elements), .array(let element)):
            var values: [ActionValue] = []
            for (index, part) in elements.enumerated() {
                values.append(
                    try self.at("[\(index)]") { () throws(Problem) in try self.convert(part, to: element, depth: depth + 1) })
            }
            return .array(values)
        case (.object(let members), .object(let properties, let isOpen)):
            var values: [String: ActionValue] = [:]
            for member in members {
                if let declared = properties[member.name] {
                    values[member.name] = try self.at(".\(member.name)") { () throws(Problem) in
                        try self.convert(member.value, to: declared, depth: depth + 1)
                    }
                } else if isOpen {
                    values[member.name] = ActionValue(member.value)
                }
            }
            return .object(values)
        case (.string(let text), _): return try self.parse(text, as: type, depth: depth)
        case (.number(let text), .string), (.number(let text), .number), (.number(let text), .integer):
            return try self.parse(text, as: type, depth: depth)
        case (.bool(let value), .string): return .string(value ? "true" : "false")
        case (.bool(let value), .boolean): return .boolean(value)
        case (.object, .string), (.array, .string): return .string(String(decoding: tree.encoded, as: UTF8.self))
        case (.object, _), (.array, _), (.number, _), (.bool, _): throw Problem(wish: type.wish)
        }
    }

    /// What goes wrong within is said to be there.
    private static func at<Result>(_ place: String, _ body: () throws(Problem) -> Result) throws(Problem) -> Result {
        do throws(Problem) {
            return try body()
        } catch {
            throw Problem(wish: error.wish, place: place + error.place)
        }
    }
}

extension StringProtocol {
    /// Without white space around it.
    var trimmed: String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        return String(decoding: Array(self.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()), as: UTF8.self)
    }
}
