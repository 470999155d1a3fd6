/// Durations as people write them in a variable: `30d`, `12h`, `1h30m`, `45s`, `250ms`.
package enum DurationText {
    /// Parses one or more of a whole number and a unit (d, h, m, s, ms), largest unit first, each at most once; nil for anything else.
    /// A number without a unit is refused: it would be seconds to one reader and milliseconds to the next.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        var milliseconds: Int64 = 0
        var lastUnit = Int64.max
        var rest = Array(text.utf8)[...]
        if rest.isEmpty { return nil }
        while !rest.isEmpty {
            guard let number = Self.takeNumber(&rest), let unit = Self.takeUnit(&rest), unit < lastUnit else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit)
            let (sum, carried) = milliseconds.addingReportingOverflow(product)
            if overflow || carried { return nil }
            milliseconds = sum
            lastUnit = unit
        }
        return .milliseconds(milliseconds)
    }

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// The unit at the front, in milliseconds.
    private static func takeUnit(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        rest = rest.dropFirst(letters.count)
        return switch String(decoding: letters, as: UTF8.self) {
        case "d": 86_400_000
        case "h": 3_600_000
        case "m": 60_000
        case "s": 1000
        case "ms": 1
        default: nil
        }
    }
}
