/// Texts of strings with escapes, which the parser has accepted.
enum JSONEscapes {
    /// The UTF-8 that the text stands for.
    static func decode(_ text: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < text.count else {
                result.append(byte)
                continue
            }
            let escaped = text[index]
            index += 1
            if escaped == UInt8(ascii: "u") {
                self.appendScalar(text, &index, to: &result)
            } else {
                result.append(self.control(escaped))
            }
        }
        return result
    }

    /// What a backslash and one character stand for.
    private static func control(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: byte
        }
    }

    /// The character of one `\u` with its four digits, or of two; `index` is behind the first `u`.
    private static func appendScalar(_ text: Span<UInt8>, _ index: inout Int, to result: inout [UInt8]) {
        var value = self.unit(text, &index)
        if value & 0xfc00 == 0xd800 {
            index += 2
            value = 0x10000 + (value & 0x3ff) << 10 + self.unit(text, &index) & 0x3ff
        }
        result.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{fffd}").utf8)
    }

    private static func unit(_ text: Span<UInt8>, _ index: inout Int) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 where index < text.count {
            unit = unit << 4 | UInt32(JSONText.hexDigit(text[index]) ?? 0)
            index += 1
        }
        return unit
    }
}
