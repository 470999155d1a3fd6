/// A path in canonical form.
enum CanonicalPath {
    /// Appends it. Normalising removes empty and dot segments (RFC 3986, section 5.2.4); encoding encodes what is sent once more.
    static func append(_ path: String, rules: SigningRules, to text: inout [UInt8]) {
        if path.utf8.count <= 1, path.isEmpty || path == "/" { return text.append(UInt8(ascii: "/")) }
        guard rules.normalizesPath else { return self.append(Array(path.utf8)[...], encoding: rules.encodesPath, to: &text) }
        let bytes = Array(path.utf8)
        var kept: [ArraySlice<UInt8>] = []
        for segment in bytes.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual("..".utf8) {
                _ = kept.popLast()
            } else if !segment.elementsEqual(".".utf8) {
                kept.append(segment)
            }
        }
        for segment in kept {
            text.append(UInt8(ascii: "/"))
            self.append(segment, encoding: rules.encodesPath, to: &text)
        }
        // A path that ends in a slash names a directory and goes on doing so; the root is one slash.
        if kept.isEmpty || self.endsAsDirectory(bytes) { text.append(UInt8(ascii: "/")) }
    }

    private static func append(_ bytes: ArraySlice<UInt8>, encoding: Bool, to text: inout [UInt8]) {
        guard encoding else { return text.append(contentsOf: bytes) }
        for byte in bytes {
            if byte == UInt8(ascii: "/") { text.append(byte) } else { PercentEncoding.append(byte, to: &text) }
        }
    }

    private static func endsAsDirectory(_ bytes: [UInt8]) -> Bool {
        let last = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
        return last.isEmpty || last.elementsEqual(".".utf8) || last.elementsEqual("..".utf8)
    }
}
