/// Base64 of keys (RFC 4648, section 4), between text and memory that is wiped.
enum Base64 {
    /// Decodes exactly as many bytes as there is room for. False for any other number of them, for characters of another alphabet, and for
    /// a last character with bits that belong to no byte. The `=` at the end may be left out.
    static func decode(_ text: Substring.UTF8View, into room: UnsafeMutableRawBufferPointer) -> Bool {
        let padding = (3 - room.count % 3) % 3
        let length = (room.count * 8 + 5) / 6
        var digits = text
        if digits.count == length + padding {
            guard digits.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return false }
            digits = digits.dropLast(padding)
        }
        guard digits.count == length else { return false }
        var bits: UInt32 = 0
        var held = 0
        var index = 0
        for digit in digits {
            guard let value = Self.value(of: digit) else { return false }
            bits = bits << 6 | value
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            unsafe room[index] = UInt8(truncatingIfNeeded: bits >> UInt32(held))
            index += 1
        }
        return bits & (1 << UInt32(held) - 1) == 0
    }

    /// Encodes with `=` at the end.
    static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).map { unsafe start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
            let bits = group[0] << 16 | group[1] << 8 | group[2]
            let digits = min(bytes.count - start, 3) + 1
            for place in 0..<4 {
                text.append(place < digits ? alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
