/// The tokens of RFC 8259 in bytes: each function moves a position behind its token, or throws.
enum JSONText {
    @inline(__always)
    static func skipSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var position = start
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return position
            }
        }
        return position
    }

    // MARK: - Numbers (RFC 8259, section 6)

    /// Whether the number has neither fraction nor exponent.
    static func skipNumber(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try self.skipDigits(bytes, &position, of: start)
        }
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try self.skipDigits(bytes, &position, of: start)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            try self.skipDigits(bytes, &position, of: start)
        }
        // "01" is a 0 and something else: refused as one wrong number.
        if position < bytes.count, bytes[position] &- 48 < 10 { throw JSONError(.syntax, position: start) }
        return isInteger
    }

    private static func skipDigits(_ bytes: Span<UInt8>, _ position: inout Int, of number: Int) throws(JSONError) {
        let first = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        guard position > first else { throw JSONError(.syntax, position: number) }
    }

    // MARK: - Strings (RFC 8259, section 7; UTF-8 by RFC 3629, section 4)

    /// From one quote to behind the other. Whether there are escapes.
    static func skipString(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        var hasEscapes = false
        var index = self.skipPlain(bytes, position + 1)
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return hasEscapes
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try self.skipEscape(bytes, &index)
            } else if byte < 0x20 {
                throw JSONError(.syntax, position: index)
            } else {
                try self.skipScalar(bytes, &index)
            }
            index = self.skipPlain(bytes, index)
        }
        throw JSONError(.truncated, position: index)
    }

    /// To the first byte that is no plain ASCII of a string: a control character, quote, backslash, or part of a longer character.
    ///
    /// Eight bytes at a time. The high bit of each byte of `special` says whether that byte is one; a borrow of the subtractions may mark bytes above
    /// a special one by mistake, never one below it, and the lowest is what is asked for.
    @inline(__always)
    static func skipPlain(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        while index + 8 <= bytes.count {
            // Bounds are checked; any bytes are an integer.
            let word = UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quotes = word ^ (ones &* 0x22)
            let escapes = word ^ (ones &* 0x5c)
            let special = (word | (word &- ones &* 0x20) | (quotes &- ones) | (escapes &- ones)) & (ones &* 0x80)
            if special != 0 { return index + special.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
            index += 1
        }
        return index
    }

    /// A character of more than one byte: no overlong form, no surrogate, nothing above U+10FFFF.
    private static func skipScalar(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch bytes[index] {
        case 0xc2...0xdf: length = 2
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: length = 3
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: length = 4
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: throw JSONError(.invalidUTF8, position: index)
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { throw JSONError(.invalidUTF8, position: index) }
        for position in index + 2..<index + max(2, length) where bytes[position] & 0xc0 != 0x80 {
            throw JSONError(.invalidUTF8, position: index)
        }
        index += length
    }

    /// A backslash and what belongs to it: for a surrogate the other one as well.
    private static func skipEscape(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
        guard index + 1 < bytes.count else { throw JSONError(.truncated, position: bytes.count) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            let unit = try self.unit(bytes, index)
            index += 6
            guard unit & 0xf800 == 0xd800 else { return }
            guard unit < 0xdc00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
                try self.unit(bytes, index) & 0xfc00 == 0xdc00
            else { throw JSONError(.syntax, position: index - 6) }
            index += 6
        default: throw JSONError(.syntax, position: index)
        }
    }

    /// The UTF-16 unit of a `\u` with its four digits.
    private static func unit(_ bytes: Span<UInt8>, _ escape: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for position in escape + 2..<escape + 6 {
            guard position < bytes.count else { throw JSONError(.truncated, position: bytes.count) }
            guard let digit = Self.hexDigit(bytes[position]) else { throw JSONError(.syntax, position: escape) }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
