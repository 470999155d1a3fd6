extension HTTPHeaders {
    /// Adds a line if it may be sent: a name is a token (RFC 9110, section 5.6.2), of which rule the characters that could start another line or field
    /// matter here; a value has no control characters but tabs. A call with a line that fails will be refused; the buffer stays well-formed.
    mutating func append(_ name: String, _ value: UnsafeBufferPointer<UInt8>) {
        var name = name
        name.withUTF8 { name in
            guard unsafe Self.isName(name), unsafe Self.isValue(UnsafeRawBufferPointer(value)) else { return self.refuse() }
            unsafe self.append(name, value)
        }
    }

    private static func isName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in 0..<bytes.count {
            let byte = unsafe bytes[index]
            if byte &- 0x21 >= 0x5e || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") { return false }
        }
        return bytes.count > 0
    }

    private static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = 0
        while index + 8 <= bytes.count {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // The high bit of each byte that is below 0x20 or is 0x7f, and perhaps of its neighbour: then the bytes are looked at.
            let low = (word &- ones &* 0x20) & ~word
            let delete = ((word ^ ones &* 0x7f) &- ones) & ~(word ^ ones &* 0x7f)
            if (low | delete) & ones &* 0x80 != 0, unsafe !self.isText(bytes, index..<index + 8) { return false }
            index += 8
        }
        return unsafe self.isText(bytes, index..<bytes.count)
    }

    private static func isText(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = unsafe bytes[index]
            if byte < 0x20 && byte != 0x09 || byte == 0x7f { return false }
        }
        return true
    }
}
