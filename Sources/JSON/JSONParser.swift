/// Strict RFC 8259, one pass, no recursion: bytes become a tape of entries, one for each value and name, in the order of the text.
///
/// All reads go through `Span`, whose bounds are checked: no input makes it read elsewhere, and none makes it trap.
struct JSONParser: ~Copyable {
    private(set) var tape: [JSONEntry] = []
    private let maximumDepth: Int
    /// The innermost open object or array; `none` at the top.
    private var open = JSONParser.none
    /// Whether that is an object.
    private var isObject = false
    private var depth = 0

    private static let none = UInt32.max

    init(maximumDepth: Int) {
        self.maximumDepth = maximumDepth
    }

    /// Parses all of `bytes`, which are fewer than 2^32, onto the tape.
    mutating func parse(_ bytes: Span<UInt8>) throws(JSONError) {
        // Items have a value or name for each ten bytes; a denser document lets the array grow.
        self.tape.reserveCapacity(bytes.count / 8 + 8)
        var position = JSONText.skipSpace(bytes, 0)
        repeat {
            guard position < bytes.count else { throw JSONError(.truncated, position: position) }
            if try self.value(bytes, &position), try self.hasFirst(bytes, &position) { continue }
            position = JSONText.skipSpace(bytes, position)
            // Behind a value that is complete: it may complete what it is in, and that what holds it.
            while self.open != Self.none, try !self.hasNext(bytes, &position) {
                try self.close(bytes)
                position = JSONText.skipSpace(bytes, position + 1)
            }
        } while self.open != Self.none
        guard position == bytes.count else { throw JSONError(.trailingBytes, position: position) }
    }

    /// A value; true for the beginning of one that holds others.
    @inline(__always)
    private mutating func value(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        switch bytes[position] {
        case UInt8(ascii: "\""): try self.string(bytes, &position)
        case UInt8(ascii: "{"):
            try self.open(.object, &position)
            return true
        case UInt8(ascii: "["):
            try self.open(.array, &position)
            return true
        case UInt8(ascii: "t"): try self.literal("true", .yes, bytes, &position)
        case UInt8(ascii: "f"): try self.literal("false", .no, bytes, &position)
        case UInt8(ascii: "n"): try self.literal("null", .null, bytes, &position)
        default:
            let start = position
            let isInteger = try JSONText.skipNumber(bytes, &position)
            self.append(isInteger ? .integer : .decimal, start: start, length: position - start)
        }
        return false
    }

    /// Behind an opening bracket: false at the closing one, else a value must follow, and its name was read.
    @inline(__always)
    private mutating func hasFirst(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        position = JSONText.skipSpace(bytes, position)
        guard position < bytes.count else { throw JSONError(.truncated, position: position) }
        if bytes[position] == self.closing { return false }
        if self.isObject { try self.name(bytes, &position) }
        return true
    }

    /// Behind a value: false at the closing bracket; behind a comma a value must follow, and its name was read.
    @inline(__always)
    private mutating func hasNext(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        guard position < bytes.count else { throw JSONError(.truncated, position: position) }
        if bytes[position] == self.closing { return false }
        guard bytes[position] == UInt8(ascii: ",") else { throw JSONError(.syntax, position: position) }
        position = JSONText.skipSpace(bytes, position + 1)
        if self.isObject { try self.name(bytes, &position) }
        return true
    }

    private var closing: UInt8 { self.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    /// A name, its colon and the space before the value.
    @inline(__always)
    private mutating func name(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) {
        guard position < bytes.count else { throw JSONError(.truncated, position: position) }
        guard bytes[position] == UInt8(ascii: "\"") else { throw JSONError(.syntax, position: position) }
        try self.string(bytes, &position)
        position = JSONText.skipSpace(bytes, position)
        guard position < bytes.count else { throw JSONError(.truncated, position: position) }
        guard bytes[position] == UInt8(ascii: ":") else { throw JSONError(.syntax, position: position) }
        position = JSONText.skipSpace(bytes, position + 1)
    }

    // MARK: - Entries

    @inline(__always)
    private mutating func append(_ kind: JSONEntry.Kind, start: Int, length: Int) {
        self.tape.append(
            JSONEntry(start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length), span: 1, kind: kind))
    }

    @inline(__always)
    private mutating func string(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) {
        let start = position + 1
        // Nearly all are plain ASCII up to the closing quote.
        let end = JSONText.skipPlain(bytes, start)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            self.append(.string, start: start, length: end - start)
            position = end + 1
            return
        }
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
        self.isObject = kind == .object
        position += 1
    }

    private mutating func close(_ bytes: Span<UInt8>) throws(JSONError) {
        let entry = Int(self.open)
        let count = self.children(of: entry)
        self.open = self.tape[entry].span
        self.tape[entry].span = UInt32(truncatingIfNeeded: self.tape.count - entry)
        self.tape[entry].length = count
        // One name is like no other, and without escapes it has no zero.
        if self.isObject, count > 1 || count == 1 && self.tape[entry + 1].kind == .escapedString {
            try JSONNames.check(self.tape.span, object: entry, in: bytes)
        }
        self.isObject = self.open != Self.none && self.tape[Int(self.open)].kind == .object
        self.depth -= 1
    }

    /// The members or elements of the open container.
    private func children(of entry: Int) -> UInt32 {
        var count: UInt32 = 0
        var child = entry + 1
        while child < self.tape.count {
            if self.isObject { child += 1 }
            child += Int(self.tape[child].span)
            count += 1
        }
        return count
    }
}
