/// The `Date` of an answer (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send.
enum HTTPDate {
    /// Seconds since 1970, nil for anything else.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
        let text = Array(text)
        guard text.count == 29, text[3] == UInt8(ascii: ","), text[26...].elementsEqual("GMT".utf8),
            text[19] == UInt8(ascii: ":"), text[22] == UInt8(ascii: ":"),
            let day = self.number(text[5..<7]), let month = self.month(text[8..<11]), let year = self.number(text[12..<16]),
            let hour = self.number(text[17..<19]), let minute = self.number(text[20..<22]), let second = self.number(text[23..<25]),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        return CivilDate.daysSince1970(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static let months = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

    private static func month(_ text: ArraySlice<UInt8>) -> Int64? {
        (0..<12).first { self.months[$0 * 3..<$0 * 3 + 3].elementsEqual(text) }.map { Int64($0) + 1 }
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
