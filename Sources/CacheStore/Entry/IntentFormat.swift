/// The shape of an intent's bytes. Scripts alone read what is in it; a reader only has to know that it is one.
enum IntentFormat {
    /// State, highest version, mark.
    static let headerByteCount = 1 + WireFormat.versionDigits + 1
    /// Decimal digits of a deadline in milliseconds.
    static let deadlineDigits = 15
    /// Token and deadline.
    static let writerByteCount = Token.byteCount + deadlineDigits

    /// Whether the scripts take these bytes for an intent. They apply the same rule.
    static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        let writers = bytes.count - self.headerByteCount
        guard bytes.first == WireFormat.intent, writers > 0, writers.isMultiple(of: self.writerByteCount) else { return false }
        let mark = bytes[self.headerByteCount - 1]
        guard self.areDigits(bytes[1..<1 + WireFormat.versionDigits]), mark == UInt8(ascii: "0") || mark == UInt8(ascii: "1") else {
            return false
        }
        return stride(from: self.headerByteCount, to: bytes.count, by: self.writerByteCount).allSatisfy { start in
            self.areDigits(bytes[start + Token.byteCount..<start + self.writerByteCount])
        }
    }

    private static func areDigits(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
