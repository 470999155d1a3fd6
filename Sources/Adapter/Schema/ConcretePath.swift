/// A path as an event or a schema spells it, taken apart once: an event's is held against the templates of every operation.
struct ConcretePath {
    /// Its text, without a slash at the end.
    let text: String
    /// What stands between the slashes behind the first one.
    let parts: [Substring]
    /// Whether it begins with a slash.
    let isAbsolute: Bool

    init(_ text: String) {
        let bytes = text.utf8
        self.text = bytes.count > 1 && bytes.last == UInt8(ascii: "/") ? String(text.unicodeScalars.dropLast()) : text
        self.isAbsolute = bytes.first == UInt8(ascii: "/")
        // By bytes: characters take longer.
        let parts = self.text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        self.parts = self.text == "/" ? [] : parts.map { Substring($0) }
    }
}
