/// An instant as credential documents write it: `2026-11-22T21:00:00Z`, with a fraction or an offset or without (RFC 3339, section 5.6).
enum InstantText {
    /// Seconds since 1970, rounded down; nil for anything else.
    static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = self.number(bytes[0..<4]), let month = self.number(bytes[5..<7]), let day = self.number(bytes[8..<10]),
            let hour = self.number(bytes[11..<13]), let minute = self.number(bytes[14..<16]), let second = self.number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard let offset = self.offset(rest) else { return nil }
        return CivilDate.daysSince1970(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    }

    /// The same the other way round, in UTC and whole seconds.
    static func text(seconds: Int64) -> String {
        let text = SigningDate(seconds: seconds).text.map { String(UnicodeScalar($0)) }
        func part(_ range: Range<Int>) -> String { text[range].joined() }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
    }

    /// Seconds east of Greenwich.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        // "UTC" is how older versions of the AWS CLI ended theirs.
        if text.elementsEqual("Z".utf8) || text.elementsEqual("z".utf8) || text.elementsEqual("UTC".utf8) { return 0 }
        let text = Array(text)
        guard text.count == 6, text[3] == UInt8(ascii: ":"), let hours = self.number(text[1..<3]), let minutes = self.number(text[4..<6])
        else { return nil }
        switch text[0] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
