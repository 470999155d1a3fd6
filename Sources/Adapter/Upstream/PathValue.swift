/// Values that stand in a path. A model fills them in, and a path decides what is called: nothing in a value may be taken for a part of it.
enum PathValue {
    /// Bytes of a value.
    static let maximumBytes = 1024

    /// Whether a value may be written into a path, percent-encoded.
    ///
    /// Refused are slashes, backslashes, zero and other control characters, and values that are `.` or `..`; encoded as well, as often as anybody encoded them
    /// (servers and proxies on the way may decode more than once), also as `%uHHHH`, in bytes that are not UTF-8 (an overlong slash), or with a `;` behind
    /// the dots, which some servers cut off.
    static func isSafe(_ value: String) -> Bool {
        guard !value.isEmpty, value.utf8.count <= Self.maximumBytes else { return false }
        var bytes = Array(value.utf8)
        while true {
            guard Self.isHarmless(bytes) else { return false }
            let decoded = PercentText.decodedBytes(Self.withoutUnicodeEscapes(bytes))
            // Each round that changes something makes it shorter.
            if decoded == bytes { return true }
            bytes = decoded
        }
    }

    private static func isHarmless(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        for byte in bytes where byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") { return false }
        let name = bytes.prefix { $0 != UInt8(ascii: ";") }
        return name.isEmpty || !name.allSatisfy { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: " ") }
    }

    /// `%uHHHH` of ASCII characters as the character.
    private static func withoutUnicodeEscapes(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "u")) || bytes.contains(UInt8(ascii: "U")) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if index + 5 < bytes.count, bytes[index] == UInt8(ascii: "%"), bytes[index + 1] | 0x20 == UInt8(ascii: "u"),
                let code = UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16), code < 0x80
            {
                result.append(UInt8(code))
                index += 6
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
