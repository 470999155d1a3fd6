/// Instants as logs show them.
enum LogTime {
    /// `2026-11-30T13:05:09.087Z`, of a time since 1970.
    ///
    /// Source: RFC 3339, section 5.6.
    static func text(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let rest = Self.modulo(seconds, 86400)
        let (year, month, day) = Self.date((seconds - rest) / 86400)
        // Not by interpolation: each line has one, and would pay for thirteen strings.
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.append(year, digits: 4, before: "-", to: &text)
        Self.append(month, digits: 2, before: "-", to: &text)
        Self.append(day, digits: 2, before: "T", to: &text)
        Self.append(rest / 3600, digits: 2, before: ":", to: &text)
        Self.append(rest / 60 % 60, digits: 2, before: ":", to: &text)
        Self.append(rest % 60, digits: 2, before: ".", to: &text)
        Self.append(attoseconds / 1_000_000_000_000_000, digits: 3, before: "Z", to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The date of a number of days since 1970, counted in years that begin with March, so that a leap day is the last of its year.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Eras of 400 years, the first of which began on the first of March of the year 0.
        let since = days + 719_468
        let era = (since - Self.modulo(since, 146_097)) / 146_097
        let dayOfEra = Self.modulo(since, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        return (era * 400 + yearOfEra + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    private static func modulo(_ number: Int64, _ divisor: Int64) -> Int64 {
        (number % divisor + divisor) % divisor
    }

    private static func append(_ number: Int64, digits: Int, before mark: Unicode.Scalar, to text: inout [UInt8]) {
        for _ in 0..<digits { text.append(UInt8(ascii: "0")) }
        var rest = UInt32(clamping: number)
        for place in 1...digits {
            text[text.count - place] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        text.append(UInt8(ascii: mark))
    }
}
