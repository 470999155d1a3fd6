/// The addresses in Base58: Bitcoin's older forms, Tezos, Solana. The number of bytes tells them apart.
enum Base58Address {
    /// Chain and spelling, which is already the normal one. Throws `.invalidWallet`.
    static func normalise(_ address: [UInt8]) throws(SessionStoreError) -> (WalletAddress.Chain, String) {
        guard let bytes = Base58.decode(address) else {
            throw .invalidWallet("a wallet address in this form has no 0, O, I or l; copy it again from the wallet")
        }
        let chain: WalletAddress.Chain
        switch bytes.count {
        case 25: chain = try Self.bitcoin(bytes)
        case 27: chain = try Self.tezos(bytes)
        case 32: chain = try Self.solana(bytes)
        default:
            throw .invalidWallet(
                "the wallet address has the wrong length for Bitcoin, Solana and Tezos: a part is missing or too much; copy it again")
        }
        return (chain, String(decoding: address, as: UTF8.self))
    }

    /// One byte of version, 20 of a hash. Source: https://en.bitcoin.it/wiki/List_of_address_prefixes
    private static func bitcoin(_ bytes: [UInt8]) throws(SessionStoreError) -> WalletAddress.Chain {
        guard let payload = Base58.checked(bytes) else { throw .walletChecksum }
        guard payload.dropFirst().contains(where: { $0 != 0 }) else { throw .walletOfNobody }
        switch payload[0] {
        case 0x00, 0x05: return .bitcoin
        case 0x6F, 0xC4: return .bitcoinTest
        default:
            throw .invalidWallet(
                "the wallet address is of a chain that is not known here: give one of Bitcoin, Solana, Tezos or an EVM chain")
        }
    }

    /// Three bytes of prefix, 20 of a hash: tz1, tz2, tz3, tz4, and KT1 for contracts.
    ///
    /// Source: https://octez.tezos.com/docs/developer/encodings.html
    private static func tezos(_ bytes: [UInt8]) throws(SessionStoreError) -> WalletAddress.Chain {
        guard let payload = Base58.checked(bytes) else { throw .walletChecksum }
        guard payload.dropFirst(3).contains(where: { $0 != 0 }) else { throw .walletOfNobody }
        switch (payload[0], payload[1], payload[2]) {
        case (6, 161, 159), (6, 161, 161), (6, 161, 164), (6, 161, 166), (2, 90, 121): return .tezos
        default: throw .invalidWallet("a Tezos wallet address begins with tz1, tz2, tz3, tz4 or KT1; copy it again from the wallet")
        }
    }

    /// The public key itself, without a checksum. Source: https://solana.com/docs/core/accounts
    private static func solana(_ bytes: [UInt8]) throws(SessionStoreError) -> WalletAddress.Chain {
        guard bytes.contains(where: { $0 != 0 }) else { throw .walletOfNobody }
        return .solana
    }
}
