/// A path in canonical form.
enum CanonicalPath {
    /// Appends it. Normalising removes empty and dot segments (RFC 3986, section 5.2.4) and encodes what is sent once more.
    static func append(_ path: String, normalizing: Bool, to text: inout [UInt8]) {
        guard normalizing else {
            if path.isEmpty { text.append(UInt8(ascii: "/")) } else { text.append(contentsOf: path.utf8) }
            return
        }
        if path.utf8.count <= 1 { return text.append(UInt8(ascii: "/")) }
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
            for byte in segment { PercentEncoding.append(byte, to: &text) }
        }
        // A path that ends in a slash names a directory and goes on doing so; the root is one slash.
        if kept.isEmpty || self.endsAsDirectory(bytes) { text.append(UInt8(ascii: "/")) }
    }

    private static func endsAsDirectory(_ bytes: [UInt8]) -> Bool {
        let last = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
        return last.isEmpty || last.elementsEqual(".".utf8) || last.elementsEqual("..".utf8)
    }
}
