/// Which trace, and which span of it, something is part of.
///
/// Source: W3C Trace Context, "traceparent Header".
package struct TraceContext: Hashable, Sendable {
    /// The first half of the trace's id.
    package let high: UInt64
    /// The second half.
    package let low: UInt64
    /// The span's id.
    package var span: UInt64
    /// Whether whoever began the trace keeps it. Handed on as it came.
    package let isSampled: Bool

    /// A span of a trace.
    package init(high: UInt64, low: UInt64, span: UInt64, isSampled: Bool) {
        self.high = high
        self.low = low
        self.span = span
        self.isSampled = isSampled
    }

    /// The header's value; nil when it is of another form, or an id in it has zeroes alone. Later versions are read by what the first one has.
    package init?(traceparent text: String) {
        let bytes = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Self.number(bytes[0..<2]), version != 0xff,
            bytes.count == 55 || version > 0 && bytes[55] == dash,
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), let span = Self.number(bytes[36..<52]),
            let flags = Self.number(bytes[53..<55]), high | low != 0, span != 0
        else { return nil }
        self.init(high: high, low: low, span: span, isSampled: flags & 1 == 1)
    }

    /// The header's value.
    package var traceparent: String {
        "00-\(self.traceID)-\(self.spanID)-\(self.isSampled ? "01" : "00")"
    }

    /// The trace's id: 32 hexadecimal digits.
    package var traceID: String { Self.digits(self.high) + Self.digits(self.low) }

    /// The span's id: 16 hexadecimal digits.
    package var spanID: String { Self.digits(self.span) }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }

    /// Small letters only, as the W3C has it.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}
