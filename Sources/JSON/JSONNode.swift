import Glibc

/// One value of a `JSONDocument`, lent to a closure: it must not be kept beyond it.
@safe
package struct JSONNode {
    /// What a node can be.
    package enum Kind: Hashable, Sendable {
        /// `integer` has neither fraction nor exponent, `double` one of them.
        case object, array, string, integer, double, bool, null
    }

    // Into the document's tape and bytes, which outlive the closure. The parser has made sure that an entry's text and the entries it spans exist.
    let entry: UnsafePointer<JSONEntry>
    let text: UnsafePointer<UInt8>

    init(entry: UnsafePointer<JSONEntry>, text: UnsafePointer<UInt8>) {
        unsafe self.entry = unsafe entry
        unsafe self.text = unsafe text
    }

    /// What it is.
    package var kind: Kind {
        switch unsafe self.entry.pointee.kind {
        case .object: .object
        case .array: .array
        case .string, .escapedString: .string
        case .integer: .integer
        case .decimal: .double
        case .yes, .no: .bool
        case .null: .null
        }
    }

    /// Whether it is `null`.
    package var isNull: Bool { unsafe self.entry.pointee.kind == .null }

    /// The text of a string; nil for anything else.
    package var string: String? {
        unsafe self.withUTF8 { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the UTF-8 bytes of a string; nil for anything else.
    package func withUTF8<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        switch unsafe self.entry.pointee.kind {
        case .string: return try unsafe body(self.bytes)
        case .escapedString:
            return try unsafe JSONEscapes.decode(self.bytes.span).withUnsafeBufferPointer { (decoded) throws(Failure) in
                try unsafe body(decoded)
            }
        case .object, .array, .integer, .decimal, .yes, .no, .null: return nil
        }
    }

    /// The truth value; nil for anything else.
    package var bool: Bool? {
        switch unsafe self.entry.pointee.kind {
        case .yes: true
        case .no: false
        case .object, .array, .string, .escapedString, .integer, .decimal, .null: nil
        }
    }

    /// The number of members or elements; 0 for anything else.
    package var count: Int {
        self.isContainer ? Int(unsafe self.entry.pointee.length) : 0
    }

    /// The member of that name; nil if there is none or this is no object.
    package subscript(_ name: String) -> JSONNode? {
        var name = name
        return name.withUTF8 { name in
            var pairs = self.pairs
            while let (key, value) = pairs.next() {
                if unsafe key.equals(name) { return value }
            }
            return nil
        }
    }

    /// The element at that place; nil if there is none or this is no array.
    package subscript(_ index: Int) -> JSONNode? {
        guard index >= 0, index < self.count, unsafe self.entry.pointee.kind == .array else { return nil }
        var node = self.after(1)
        for _ in 0..<index { node = node.next }
        return node
    }

    /// Whether it is a string with that text.
    package func equals(_ other: String) -> Bool {
        var other = other
        return other.withUTF8 { unsafe self.equals($0) }
    }

    @inline(__always)
    private func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        let entry = unsafe self.entry.pointee
        switch entry.kind {
        case .string:
            guard Int(entry.length) == other.count else { return false }
            guard let start = other.baseAddress else { return true }
            return unsafe memcmp(self.text + Int(entry.start), start, other.count) == 0
        case .escapedString:
            return unsafe JSONEscapes.decode(self.bytes.span).elementsEqual(other)
        case .object, .array, .integer, .decimal, .yes, .no, .null: return false
        }
    }

    // MARK: - On the tape

    var isContainer: Bool {
        switch unsafe self.entry.pointee.kind {
        case .object, .array: true
        case .string, .escapedString, .integer, .decimal, .yes, .no, .null: false
        }
    }

    /// The text of a string or number as it stands in the document.
    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: self.text + Int(self.entry.pointee.start), count: Int(self.entry.pointee.length))
    }

    /// What follows this value and all that is in it. Only where the container says that there is more.
    var next: JSONNode { self.after(Int(unsafe self.entry.pointee.span)) }

    func after(_ entries: Int) -> JSONNode {
        unsafe JSONNode(entry: self.entry + entries, text: self.text)
    }
}

// For readers that know names and forms by their bytes: without a string for each.
extension JSONNode {
    /// The text of a string of up to eight bytes as a number, the first one highest: `"S"` is 0x53, `"NULL"` is 0x4e554c4c. 0 for anything else.
    package var code: UInt64 {
        switch unsafe self.entry.pointee.kind {
        case .string: unsafe Self.code(self.bytes.span)
        case .escapedString: unsafe Self.code(JSONEscapes.decode(self.bytes.span).span)
        case .object, .array, .integer, .decimal, .yes, .no, .null: 0
        }
    }

    private static func code(_ text: Span<UInt8>) -> UInt64 {
        guard text.count <= 8 else { return 0 }
        var code: UInt64 = 0
        for index in 0..<text.count { code = code << 8 | UInt64(text[index]) }
        return code
    }

    /// The whole number that a string's text spells in the plainest way, of at most 18 digits: `"12"`, `"-3"`. Nil for anything else.
    package var spelledInteger: Int64? {
        let entry = unsafe self.entry.pointee
        guard entry.kind == .string, entry.length > 0, entry.length <= 19 else { return nil }
        let text = unsafe self.bytes.span
        let isNegative = text[0] == UInt8(ascii: "-")
        guard text.count > (isNegative ? 1 : 0), text.count <= (isNegative ? 19 : 18) else { return nil }
        var value: Int64 = 0
        for index in (isNegative ? 1 : 0)..<text.count {
            let digit = text[index] &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return isNegative ? -value : value
    }

    /// Whether it is a string without escapes and with that text.
    package func isPlain(_ text: StaticString) -> Bool {
        let entry = unsafe self.entry.pointee
        guard entry.kind == .string, Int(entry.length) == text.utf8CodeUnitCount else { return false }
        return unsafe memcmp(self.text + Int(entry.start), text.utf8Start, Int(entry.length)) == 0
    }
}
