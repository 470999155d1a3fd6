/// Lower-case hexadecimal, as SigV4 spells digests.
package enum Hex {
    /// Both digits of each byte.
    private static let digits: [UInt16] = (0..<256).map { byte in
        let (high, low) = (UInt16(Hex.digit(UInt8(byte >> 4))), UInt16(Hex.digit(UInt8(byte & 15))))
        return UInt16(littleEndian: low << 8 | high)
    }

    /// Two digits a byte, appended.
    package static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: bytes.count * 2))
        self.write(bytes, over: &text, at: start)
    }

    /// Two digits a byte, written over what is there; what would go beyond the end is left out.
    static func write(_ bytes: [UInt8], over text: inout [UInt8], at start: Int) {
        let count = min(bytes.count, (text.count - start) / 2)
        guard start >= 0, count > 0 else { return }
        unsafe self.digits.withUnsafeBufferPointer { digits in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe text.withUnsafeMutableBytes { text in
                    for index in 0..<count {
                        // In bounds by `count`; there are digits for each byte that can be.
                        unsafe text.storeBytes(of: digits[Int(bytes[index])], toByteOffset: start &+ index &* 2, as: UInt16.self)
                    }
                }
            }
        }
    }

    /// The last digits of a number, written over what is there.
    static func write(_ number: UInt64, digits: Int, over text: inout [UInt8], at start: Int) {
        for place in 0..<digits where start + place < text.count {
            text[start + place] = self.digit(UInt8(truncatingIfNeeded: number >> UInt64((digits - 1 - place) * 4)) & 15)
        }
    }

    /// Two digits a byte.
    package static func string(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        self.append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}
