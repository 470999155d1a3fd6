extension StringProtocol {
    /// Where a text first occurs, byte for byte; nil: it does not. Not `firstRange(of:)`, nor `contains`, `replacing` and `split` of texts: these are of the
    /// Swift runtime's library for regular expressions, which is half a megabyte of the Lambda's package.
    func place(of text: String) -> Range<Index>? {
        var start = self.startIndex
        while start < self.endIndex {
            let rest = self.utf8[start...]
            if rest.starts(with: text.utf8) { return start..<self.utf8.index(start, offsetBy: text.utf8.count) }
            self.utf8.formIndex(after: &start)
        }
        return nil
    }

    /// Whether a text occurs in it, byte for byte.
    package func mentions(_ text: String) -> Bool { self.place(of: text) != nil }
}
