/// Bitcoin's witness addresses: a version and a program, in Bech32 for version 0 and in Bech32m for the others.
///
/// Source: BIP-173, "Segwit address format", as amended by BIP-350.
enum WitnessAddress {
    private static let networks: [(prefix: [UInt8], chain: WalletAddress.Chain)] = [
        (Array("bc".utf8), .bitcoin), (Array("tb".utf8), .bitcoinTest), (Array("bcrt".utf8), .bitcoinTest),
    ]

    /// Whether `address` begins like one of a network that is known.
    static func isMeant(by address: [UInt8]) -> Bool {
        let lower = address.prefix(5).map { $0 | 0x20 }
        // Lower-casing by `| 0x20` leaves digits as they are.
        return Self.networks.contains { lower.starts(with: $0.prefix + [UInt8(ascii: "1")]) }
    }

    /// Chain and lower-case spelling. Throws `.invalidWallet`.
    static func normalise(_ address: [UInt8]) throws(SessionStoreError) -> (WalletAddress.Chain, String) {
        let code = try Self.decode(address)
        guard let chain = Self.networks.first(where: { $0.prefix == code.prefix })?.chain else {
            throw .invalidWallet("the wallet address is of a Bitcoin network that is not known here: it begins with bc1 or tb1")
        }
        guard let version = code.data.first, version <= 16, let program = Bech32.bytes(code.data.dropFirst()),
            (2...40).contains(program.count), version != 0 || program.count == 20 || program.count == 32
        else {
            throw .invalidWallet("the wallet address holds no witness program that Bitcoin knows; copy it again from the wallet")
        }
        // The other checksum: a wallet from before BIP-350 wrote it, or somebody changed the version.
        guard code.variant == (version == 0 ? .bech32 : .bech32m) else { throw .walletChecksum }
        guard program.contains(where: { $0 != 0 }) else { throw .walletOfNobody }
        return (chain, String(decoding: address, as: UTF8.self).lowercased())
    }

    private static func decode(_ address: [UInt8]) throws(SessionStoreError) -> Bech32 {
        do throws(Bech32.Refusal) {
            return try Bech32(address)
        } catch {
            switch error {
            case .checksum: throw .walletChecksum
            case .mixedCase:
                throw .invalidWallet("a Bitcoin address that begins with bc1 is in one case: all small or all capital letters")
            case .character:
                throw .invalidWallet("behind its prefix a Bitcoin address has no 1, b, i or o; copy it again from the wallet")
            case .form:
                throw .invalidWallet(
                    "the wallet address has the wrong length: a part is missing or too much; copy it again from the wallet")
            }
        }
    }
}
