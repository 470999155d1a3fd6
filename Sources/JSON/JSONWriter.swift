/// Writes JSON into bytes; commas and escapes are its own affair.
///
/// Calls have to nest as JSON does: it writes what it is told, in that order. Compact, without spaces.
package struct JSONWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    /// An empty text.
    package init(capacity: Int = 256) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// Goes on behind a text of another writer in which the value of a member, or the first of an array, comes next.
    package init(continuing bytes: [UInt8], capacity: Int) {
        self.init(capacity: capacity)
        self.bytes.append(contentsOf: bytes)
    }

    /// Ends with a text of another writer, in which nothing is left open that this one has not opened.
    package mutating func end(with bytes: [UInt8]) {
        self.bytes.append(contentsOf: bytes)
    }

    package mutating func beginObject() { self.open(UInt8(ascii: "{")) }

    package mutating func endObject() { self.close(UInt8(ascii: "}")) }

    package mutating func beginArray() { self.open(UInt8(ascii: "[")) }

    package mutating func endArray() { self.close(UInt8(ascii: "]")) }

    /// The name of the member whose value comes next.
    package mutating func key(_ name: String) {
        self.separate()
        self.quoted(name)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    package mutating func string(_ text: String) {
        self.separate()
        self.quoted(text)
    }

    /// A string of bytes that need no escape and are ASCII (base64, hex): they are not looked at.
    package mutating func plainString(_ body: (inout [UInt8]) -> Void) {
        self.separate()
        self.bytes.append(UInt8(ascii: "\""))
        body(&self.bytes)
        self.bytes.append(UInt8(ascii: "\""))
    }

    package mutating func integer(_ value: Int64) {
        self.separate()
        self.append(value.description)
    }

    /// A number; infinities and not-a-number, which JSON does not have, become `null`.
    package mutating func double(_ value: Double) {
        self.separate()
        self.append(value.isFinite ? value.description : "null")
    }

    /// A number as its text, every digit kept. A text that is no JSON number is written as a string: the output is JSON whatever comes in.
    package mutating func number(_ text: String) {
        guard JSONNumber.isValid(text) else { return self.string(text) }
        self.separate()
        self.append(text)
    }

    package mutating func bool(_ value: Bool) {
        self.separate()
        self.append(value ? "true" : "false")
    }

    package mutating func null() {
        self.separate()
        self.append("null")
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: some Collection<UInt8>) {
        self.separate()
        self.bytes.append(contentsOf: json)
    }

    private mutating func open(_ bracket: UInt8) {
        self.separate()
        self.bytes.append(bracket)
        self.needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        self.bytes.append(bracket)
        self.needsComma = true
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe self.bytes.append(contentsOf: $0) }
    }

    private mutating func quoted(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            // Most texts need no escape: then one copy does.
            if unsafe JSONText.skipPlain(bytes.span, 0) == bytes.count || Self.isPlain(bytes.span) {
                unsafe self.bytes.append(contentsOf: bytes)
            } else {
                unsafe self.escaped(bytes)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// What lies between two escapes is copied as one.
    private mutating func escaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<bytes.count where unsafe Self.needsEscape(bytes[index]) {
            unsafe self.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            unsafe self.escape(bytes[index])
            start = index + 1
        }
        unsafe self.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    private static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        var isPlain = true
        for index in 0..<bytes.count where self.needsEscape(bytes[index]) { isPlain = false }
        return isPlain
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        self.bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes.append(byte)
        case UInt8(ascii: "\n"): self.bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): self.bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): self.bytes.append(UInt8(ascii: "t"))
        default:
            self.append("u00")
            self.bytes.append(Self.hexDigit(byte >> 4))
            self.bytes.append(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
