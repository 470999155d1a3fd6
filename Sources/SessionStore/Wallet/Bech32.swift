/// Bech32 and Bech32m: a prefix, the digit 1, data in a 32 letter alphabet, six letters of a checksum that finds up to four wrong letters.
///
/// Sources: BIP-173 (https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki) and BIP-350 (.../bip-0350.mediawiki).
struct Bech32: Hashable {
    /// The two constants of the checksum.
    enum Variant: UInt32 {
        case bech32 = 1
        case bech32m = 0x2BC8_30A3
    }

    /// Why a text is none.
    enum Refusal: Error, Hashable {
        case form, mixedCase, character, checksum
    }

    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let maximumLength = 90
    private static let checksumLength = 6

    /// In lower case.
    let prefix: [UInt8]
    /// Numbers of five bits, without the checksum.
    let data: [UInt8]
    let variant: Variant

    init(_ text: [UInt8]) throws(Refusal) {
        let lower = text.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        let upper = text.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 & ~0x20 : $0 }
        guard text == lower || text == upper else { throw .mixedCase }
        guard text.count <= Self.maximumLength, text.allSatisfy({ (33...126).contains($0) }),
            let separator = lower.lastIndex(of: UInt8(ascii: "1")), separator > 0, separator + Self.checksumLength < lower.count
        else { throw .form }
        var values: [UInt8] = []
        for character in lower[(separator + 1)...] {
            guard let value = Self.alphabet.firstIndex(of: character) else { throw .character }
            values.append(UInt8(value))
        }
        let prefix = Array(lower[..<separator])
        guard let variant = Variant(rawValue: Self.checksum(prefix, values)) else { throw .checksum }
        self.prefix = prefix
        self.data = values.dropLast(Self.checksumLength)
        self.variant = variant
    }

    /// The remainder of the code over the expanded prefix and all values; a good text leaves one of the two constants.
    private static func checksum(_ prefix: [UInt8], _ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        return (prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 } + values).reduce(1) { sum, value in
            let top = sum >> 25
            return generator.enumerated().reduce((sum & 0x1FF_FFFF) << 5 ^ UInt32(value)) { result, part in
                top >> UInt32(part.offset) & 1 == 1 ? result ^ part.element : result
            }
        }
    }

    /// The numbers of five bits as bytes; nil when what is left over is a whole number, or not zero.
    static func bytes(_ values: some Sequence<UInt8>) -> [UInt8]? {
        var (bits, count) = (UInt32(0), 0)
        var bytes: [UInt8] = []
        for value in values {
            bits = (bits << 5 | UInt32(value)) & 0xFFF
            count += 5
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return count < 5 && bits & ((1 << UInt32(count)) - 1) == 0 ? bytes : nil
    }
}
