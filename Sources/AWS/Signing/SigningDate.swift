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
        self.text = unsafe [UInt8](unsafeUninitializedCapacity: 16) { text, count in
            unsafe Self.write(year / 100, to: text, at: 0)
            unsafe Self.write(year % 100, to: text, at: 2)
            unsafe Self.write(month, to: text, at: 4)
            unsafe Self.write(day, to: text, at: 6)
            unsafe text[8] = UInt8(ascii: "T")
            unsafe Self.write(time / 3600, to: text, at: 9)
            unsafe Self.write(time / 60 % 60, to: text, at: 11)
            unsafe Self.write(time % 60, to: text, at: 13)
            unsafe text[15] = UInt8(ascii: "Z")
            count = 16
        }
    }

    /// The day, as the credential scope has it.
    package var day: ArraySlice<UInt8> { self.text[..<8] }

    /// Two digits.
    private static func write(_ number: Int64, to text: UnsafeMutableBufferPointer<UInt8>, at place: Int) {
        unsafe text[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10 % 10)
        unsafe text[place + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10)
    }
}
