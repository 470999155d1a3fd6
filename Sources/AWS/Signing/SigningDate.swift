/// The two forms of a moment that SigV4 uses, in UTC: `20150830T123600Z` and its first eight characters.
package struct SigningDate: Hashable, Sendable {
    /// Seconds since 1970.
    package let seconds: Int64
    /// ISO 8601 basic format, 16 bytes.
    package let text: [UInt8]

    /// The form of this moment.
    package init(seconds: Int64) {
        self.seconds = seconds
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let (year, month, day) = CivilDate.date(daysSince1970: days)
        let time = seconds - days * 86_400
        var text: [UInt8] = []
        text.reserveCapacity(16)
        Self.append(year, digits: 4, to: &text)
        Self.append(month, digits: 2, to: &text)
        Self.append(day, digits: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        Self.append(time / 3600, digits: 2, to: &text)
        Self.append(time / 60 % 60, digits: 2, to: &text)
        Self.append(time % 60, digits: 2, to: &text)
        text.append(UInt8(ascii: "Z"))
        self.text = text
    }

    /// The day, as the credential scope has it.
    package var day: ArraySlice<UInt8> { self.text[..<8] }

    private static func append(_ number: Int64, digits: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
