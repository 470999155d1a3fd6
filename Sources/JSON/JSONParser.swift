/// Strict RFC 8259, one pass, no recursion: bytes become a tape of entries, one for each value and name, in the order of the text.
///
/// All reads go through `Span`, whose bounds are checked: no input makes it read elsewhere, and none makes it trap.
struct JSONParser: ~Copyable {
    private(set) var tape: [JSONEntry] = []
    private let maximumDepth: Int
    /// The innermost open object or array; `none` at the top.
    private var open = JSONParser.none
    private var depth = 0

    private static let none = UInt32.max

    /// What may come next.
    private enum Step {
        /// A value must follow.
        case value
        /// A value, or the end of the array that was just opened.
        case firstElement
        /// A name must follow.
        case name
        /// A name, or the end of the object that was just opened.
        case firstName
        /// A comma or the end of the open container.
        case separator
    }

    init(maximumDepth: Int) {
        self.maximumDepth = maximumDepth
    }

    /// Parses all of `bytes`, which are fewer than 2^32, onto the tape.
    mutating func parse(_ bytes: Span<UInt8>) throws(JSONError) {
        // Items have a value or name for each ten bytes; a denser document lets the array grow.
        self.tape.reserveCapacity(bytes.count / 8 + 8)
        var step = Step.value
        var position = JSONText.skipSpace(bytes, 0)
        repeat {
            guard position < bytes.count else { throw JSONError(.truncated, position: position) }
            switch step {
            case .firstElement where bytes[position] == UInt8(ascii: "]"), .firstName where bytes[position] == UInt8(ascii: "}"):
                step = try self.close(bytes, &position)
            case .value, .firstElement: step = try self.value(bytes, &position)
            case .name, .firstName:
                try self.name(bytes, &position)
                step = .value
            case .separator: step = try self.separator(bytes, &position)
            }
            position = JSONText.skipSpace(bytes, position)
        } while step != .separator || self.open != Self.none
        guard position == bytes.count else { throw JSONError(.trailingBytes, position: position) }
    }

    @inline(__always)
    private mutating func value(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Step {
        switch bytes[position] {
        case UInt8(ascii: "\""):
            try self.string(bytes, &position)
        case UInt8(ascii: "{"):
            try self.open(.object, &position)
            return .firstName
        case UInt8(ascii: "["):
            try self.open(.array, &position)
            return .firstElement
        case UInt8(ascii: "t"): try self.literal("true", .yes, bytes, &position)
        case UInt8(ascii: "f"): try self.literal("false", .no, bytes, &position)
        case UInt8(ascii: "n"): try self.literal("null", .null, bytes, &position)
        default:
            let start = position
            let isInteger = try JSONText.skipNumber(bytes, &position)
            self.append(isInteger ? .integer : .decimal, start: start, length: position - start)
        }
        return .separator
    }

    @inline(__always)
    private mutating func name(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) {
        guard bytes[position] == UInt8(ascii: "\"") else { throw JSONError(.syntax, position: position) }
        try self.string(bytes, &position)
        position = JSONText.skipSpace(bytes, position)
        guard position < bytes.count else { throw JSONError(.truncated, position: position) }
        guard bytes[position] == UInt8(ascii: ":") else { throw JSONError(.syntax, position: position) }
        position += 1
    }

    @inline(__always)
    private mutating func separator(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Step {
        let isObject = self.tape[Int(self.open)].kind == .object
        switch bytes[position] {
        case UInt8(ascii: ","):
            position += 1
            return isObject ? .name : .value
        case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
            return try self.close(bytes, &position)
        default:
            throw JSONError(.syntax, position: position)
        }
    }

    // MARK: - Entries

    @inline(__always)
    private mutating func append(_ kind: JSONEntry.Kind, start: Int, length: Int) {
        self.tape.append(
            JSONEntry(start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length), span: 1, kind: kind))
    }

    private mutating func string(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) {
        let start = position + 1
        let hasEscapes = try JSONText.skipString(bytes, &position)
        // The closing quote is behind us.
        self.append(hasEscapes ? .escapedString : .string, start: start, length: position - 1 - start)
    }

    private mutating func literal(
        _ text: StaticString, _ kind: JSONEntry.Kind, _ bytes: Span<UInt8>, _ position: inout Int
    ) throws(JSONError) {
        let start = position
        for index in 0..<text.utf8CodeUnitCount {
            guard position < bytes.count, unsafe text.utf8Start[index] == bytes[position] else { throw JSONError(.syntax, position: start) }
            position += 1
        }
        self.append(kind, start: start, length: position - start)
    }

    private mutating func open(_ kind: JSONEntry.Kind, _ position: inout Int) throws(JSONError) {
        self.depth += 1
        guard self.depth <= self.maximumDepth else { throw JSONError(.tooDeep, position: position) }
        let entry = UInt32(truncatingIfNeeded: self.tape.count)
        self.tape.append(JSONEntry(start: UInt32(truncatingIfNeeded: position), length: 0, span: self.open, kind: kind))
        self.open = entry
        position += 1
    }

    private mutating func close(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Step {
        let entry = Int(self.open)
        self.open = self.tape[entry].span
        self.tape[entry].span = UInt32(truncatingIfNeeded: self.tape.count - entry)
        let isObject = self.tape[entry].kind == .object
        self.tape[entry].length = self.children(of: entry, isObject: isObject)
        if isObject { try JSONNames.check(self.tape.span, object: entry, in: bytes) }
        self.depth -= 1
        position += 1
        return .separator
    }

    /// The members or elements of a container whose span is known.
    private func children(of entry: Int, isObject: Bool) -> UInt32 {
        var count: UInt32 = 0
        var child = entry + 1
        while child < self.tape.count {
            if isObject { child += 1 }
            child += Int(self.tape[child].span)
            count += 1
        }
        return count
    }
}
