/// A decimal number as DynamoDB sees it: its significant digits and where they stand. Two spellings of one number are equal.
///
/// Source: Amazon DynamoDB Developer Guide, "Naming rules and data types", Number: up to 38 digits of precision; magnitudes from 1E-130 to
/// 9.9999999999999999999999999999999999999E+125, and zero.
package struct DecimalNumber: Hashable, Sendable {
    /// Whether it is below zero.
    package let isNegative: Bool
    /// The significant digits as 0-9, without zeros at either end; empty for zero.
    package let digits: [UInt8]
    /// The power of ten of the first digit; 0 for zero.
    package let magnitude: Int

    /// Why a text is not a number that an item can hold.
    package enum Problem: Error, Hashable {
        case notDecimal, tooPrecise, outOfRange
    }

    /// Reads `[+-]digits[.digits][e[+-]digits]`.
    package init(_ text: String) throws(Problem) {
        var rest = Array(text.utf8)[...]
        let sign = Self.sign(&rest)
        let whole = Self.digits(&rest)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = Self.digits(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { throw .notDecimal }
        let exponent = try Self.exponent(&rest)
        guard rest.isEmpty else { throw .notDecimal }

        let all = whole + fraction
        guard let first = all.firstIndex(where: { $0 != 0 }), let last = all.lastIndex(where: { $0 != 0 }) else {
            (self.isNegative, self.digits, self.magnitude) = (false, [], 0)
            return
        }
        self.isNegative = sign
        self.digits = Array(all[first...last])
        self.magnitude = whole.count - 1 - first + exponent
        guard self.digits.count <= SessionLimits.numberDigits else { throw .tooPrecise }
        guard (-130...125).contains(self.magnitude) else { throw .outOfRange }
    }

    /// Bytes in an item: one for two digits, one for the exponent, one for a minus.
    package var size: Int {
        (self.digits.count + 1) / 2 + 1 + (self.isNegative ? 1 : 0)
    }

    private static func sign(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") else { return false }
        rest.removeFirst()
        return byte == UInt8(ascii: "-")
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest.removeFirst(digits.count)
        return digits.map { $0 - UInt8(ascii: "0") }
    }

    /// The power after `e`. Absurd ones saturate far outside the range instead of overflowing.
    private static func exponent(_ rest: inout ArraySlice<UInt8>) throws(Problem) -> Int {
        guard let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") else { return 0 }
        rest.removeFirst()
        let isNegative = Self.sign(&rest)
        let digits = Self.digits(&rest)
        guard !digits.isEmpty else { throw .notDecimal }
        let power = digits.reduce(0) { min($0 * 10 + Int($1), 1_000_000_000) }
        return isNegative ? -power : power
    }
}
