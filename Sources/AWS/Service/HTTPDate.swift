/// The `Date` of an answer (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send.
enum HTTPDate {
    /// Seconds since 1970, nil for anything else.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
        guard text.count == 29 else { return nil }
        let bytes = text.span
        guard bytes[3] == UInt8(ascii: ","), bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":"), bytes[26] == UInt8(ascii: "G"),
            bytes[27] == UInt8(ascii: "M"), bytes[28] == UInt8(ascii: "T"), let day = self.number(bytes, 5, digits: 2),
            let month = self.month(bytes), let year = self.number(bytes, 12, digits: 4), let hour = self.number(bytes, 17, digits: 2),
            let minute = self.number(bytes, 20, digits: 2), let second = self.number(bytes, 23, digits: 2),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        return CivilDate.daysSince1970(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static func month(_ text: Span<UInt8>) -> Int64? {
        switch UInt32(text[8]) << 16 | UInt32(text[9]) << 8 | UInt32(text[10]) {
        case 0x4a616e: 1  // Jan
        case 0x466562: 2  // Feb
        case 0x4d6172: 3  // Mar
        case 0x417072: 4  // Apr
        case 0x4d6179: 5  // May
        case 0x4a756e: 6  // Jun
        case 0x4a756c: 7  // Jul
        case 0x417567: 8  // Aug
        case 0x536570: 9  // Sep
        case 0x4f6374: 10  // Oct
        case 0x4e6f76: 11  // Nov
        case 0x446563: 12  // Dec
        default: nil
        }
    }

    private static func number(_ text: Span<UInt8>, _ start: Int, digits: Int) -> Int64? {
        var number: Int64 = 0
        for index in start..<start + digits {
            let digit = text[index] &- 48
            guard digit < 10 else { return nil }
            number = number * 10 + Int64(digit)
        }
        return number
    }
}
