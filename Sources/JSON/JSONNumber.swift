/// The grammar of a JSON number (RFC 8259, section 6).
package enum JSONNumber {
    /// Whether the text is one.
    package static func isValid(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        if rest.first == UInt8(ascii: "0") {
            rest.removeFirst()
        } else if !Self.dropDigits(&rest) {
            return false
        }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard Self.dropDigits(&rest) else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard Self.dropDigits(&rest) else { return false }
        }
        return rest.isEmpty
    }

    /// Removes leading digits; false when there are none.
    private static func dropDigits(_ rest: inout Substring.UTF8View) -> Bool {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest.removeFirst(digits.count)
        return !digits.isEmpty
    }
}
