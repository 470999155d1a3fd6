extension JSONNode {
    /// The digits of a number as they were written; nil for anything else.
    package var number: String? {
        unsafe self.isNumber ? String(decoding: self.bytes, as: UTF8.self) : nil
    }

    /// The number, if it is a whole one within 64 bits, however it is written (`12`, `1.20e1`); nil for anything else. Never rounded.
    package var integer: Int64? {
        unsafe self.isNumber ? Self.integer(self.bytes.span) : nil
    }

    /// The nearest `Double`; nil for a number beyond all of them, and for anything else.
    package var double: Double? {
        self.number.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    private var isNumber: Bool {
        switch unsafe self.entry.pointee.kind {
        case .integer, .decimal: true
        case .object, .array, .string, .escapedString, .yes, .no, .null: false
        }
    }

    private static func integer(_ text: Span<UInt8>) -> Int64? {
        let isNegative = text[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        // Downwards, because there is one more negative number than positive ones.
        var value: Int64? = 0
        // Zeros count only when another digit follows: 1.000 is whole, and so is 1000e-3.
        var (zeros, fraction) = (0, 0)
        var isFraction = false
        scan: while index < text.count {
            switch text[index] {
            case UInt8(ascii: "0"):
                zeros += 1
                if isFraction { fraction += 1 }
            case UInt8(ascii: "1")...UInt8(ascii: "9"):
                value = Self.times(value, tens: zeros + 1, minus: Int64(text[index] - 48))
                zeros = 0
                if isFraction { fraction += 1 }
            case UInt8(ascii: "."): isFraction = true
            default: break scan
            }
            index += 1
        }
        if value == 0 { return 0 }
        let tens = Self.exponent(text, after: index) - fraction + zeros
        guard tens >= 0, let whole = Self.times(value, tens: tens, minus: 0) else { return nil }
        return isNegative ? whole : (whole == .min ? nil : -whole)
    }

    /// nil beyond 64 bits.
    private static func times(_ value: Int64?, tens: Int, minus digit: Int64) -> Int64? {
        guard var value else { return nil }
        // Zero stays zero however long its row of zeros; anything else overflows within 19 steps.
        for _ in 0..<(value == 0 ? 0 : tens) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        let (result, overflow) = value.subtractingReportingOverflow(digit)
        return overflow ? nil : result
    }

    /// The power behind the `e` at `start`, 0 without one. Absurd ones saturate, far below what would overflow.
    private static func exponent(_ text: Span<UInt8>, after start: Int) -> Int {
        var exponent = 0
        var isNegative = false
        for index in start..<text.count {
            if text[index] == UInt8(ascii: "-") { isNegative = true }
            if text[index] &- 48 < 10 { exponent = min(exponent * 10 + Int(text[index] - 48), 1_000_000_000) }
        }
        return isNegative ? -exponent : exponent
    }
}
