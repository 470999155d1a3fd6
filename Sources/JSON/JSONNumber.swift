/// The grammar of a JSON number (RFC 8259, section 6).
package enum JSONNumber {
    /// Whether the text is one.
    package static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = unsafe bytes.span
            var end = 0
            guard !bytes.isEmpty, (try? JSONText.skipNumber(bytes, &end)) != nil else { return false }
            return end == bytes.count
        }
    }
}
