/// What is needed of string handling without Foundation.
enum Text {
    /// Without spaces, tabs and line ends around it.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, self.isSpace(first) { text = text.dropFirst() }
        while let last = text.utf8.last, self.isSpace(last) { text = text.dropLast() }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
