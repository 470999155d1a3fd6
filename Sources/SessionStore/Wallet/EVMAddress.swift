/// The form of an EVM address: `0x`, 40 hexadecimal digits, and a checksum in the case of their letters.
///
/// Source: EIP-55, https://eips.ethereum.org/EIPS/eip-55. An address in one case carries no checksum and is accepted.
enum EVMAddress {
    private static let digits = 40

    /// Whether `address` begins like one, or is one without its `0x`.
    static func isMeant(by address: [UInt8]) -> Bool {
        let hasPrefix = address.count >= 2 && address[0] == UInt8(ascii: "0") && address[1] | 0x20 == UInt8(ascii: "x")
        return hasPrefix || (address.count == Self.digits && address.allSatisfy(Self.isDigit))
    }

    /// The checksummed spelling of `address`. Throws `.invalidWallet`.
    static func normalise(_ address: [UInt8]) throws(SessionStoreError) -> String {
        let body = try Self.body(of: address)
        let normal = Self.checksummed(body)
        let letters = body.filter(Self.isLetter)
        let oneCase = letters.allSatisfy { $0 >= UInt8(ascii: "a") } || letters.allSatisfy { $0 < UInt8(ascii: "a") }
        guard oneCase || body == normal else {
            throw .walletChecksum
        }
        guard body.contains(where: { $0 != UInt8(ascii: "0") }) else { throw .walletOfNobody }
        return "0x" + String(decoding: normal, as: UTF8.self)
    }

    /// The 40 digits, as they were given.
    private static func body(of address: [UInt8]) throws(SessionStoreError) -> [UInt8] {
        guard address.count >= 2, address[0] == UInt8(ascii: "0"), address[1] | 0x20 == UInt8(ascii: "x") else {
            throw .invalidWallet("the 0x before the 40 digits of the wallet address is missing")
        }
        let body = Array(address[2...])
        guard body.allSatisfy(Self.isDigit) else {
            throw .invalidWallet("after 0x a wallet address has the digits 0-9 and a-f only; this one has another character")
        }
        guard body.count == Self.digits else {
            throw .invalidWallet(
                "after 0x a wallet address has 40 hexadecimal digits; this one has \(body.count): a part is missing or too much")
        }
        return body
    }

    /// A letter is upper case where the same nibble of the Keccak-256 of the lower-case digits is 8 or more.
    private static func checksummed(_ body: [UInt8]) -> [UInt8] {
        var text = body.map { Self.isLetter($0) ? $0 | 0x20 : $0 }
        let digest = Keccak256.digest(text)
        for index in text.indices where Self.isLetter(text[index]) {
            let nibble = index.isMultiple(of: 2) ? digest[index / 2] >> 4 : digest[index / 2] & 0x0F
            if nibble >= 8 { text[index] &= ~0x20 }
        }
        return text
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || Self.isLetter(byte)
    }
}
