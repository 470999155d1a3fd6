/// Base58 and Base58Check, in Bitcoin's alphabet: no 0, O, I, l.
///
/// Source: https://en.bitcoin.it/wiki/Base58Check_encoding; Solana and Tezos use the same alphabet.
enum Base58 {
    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let checksumLength = 4

    private static let values: [Int] = {
        var values = [Int](repeating: -1, count: 256)
        for (value, digit) in Self.alphabet.enumerated() { values[Int(digit)] = value }
        return values
    }()

    /// The bytes; nil when a character is no digit. Each leading `1` is a zero byte.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var number: [UInt8] = []  // big endian, without leading zeros
        for character in text {
            var carry = Self.values[Int(character)]
            guard carry >= 0 else { return nil }
            for index in number.indices.reversed() {
                carry += Int(number[index]) * 58
                number[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            if carry > 0 { number.insert(UInt8(carry), at: 0) }
        }
        return [UInt8](repeating: 0, count: text.prefix { $0 == Self.alphabet[0] }.count) + number
    }

    /// What stands before the checksum, the first four bytes of the double SHA-256 of it; nil when it does not match.
    static func checked(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > Self.checksumLength else { return nil }
        let payload = Array(bytes.dropLast(Self.checksumLength))
        let checksum = SHA256.digest(SHA256.digest(payload)).prefix(Self.checksumLength)
        return checksum.elementsEqual(bytes.suffix(Self.checksumLength)) ? payload : nil
    }
}
