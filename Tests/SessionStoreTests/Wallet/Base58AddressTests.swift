import SessionStore
import Testing

@Suite("Addresses in Base58")
struct Base58AddressTests {
    static let checked: [(String, WalletAddress.Chain)] = [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", .bitcoin),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", .bitcoin),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", .bitcoin),
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", .bitcoinTest),
        ("2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", .bitcoinTest),
        ("tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb", .tezos),
        ("tz2BFTyPeYRzxd5aiBchbXN3WCZhx7BqbMBq", .tezos),
        ("tz3RDC3Jdn4j15J7bBHZd29EUee9gVB1CxD9", .tezos),
        ("tz4HVR6aty9KwsQFHh81C1G7gBdhxT8kuytm", .tezos),
        ("KT1PWx2mnDueood7fEmfbBDKx1D9BAnnXitn", .tezos),
    ]

    @Test("addresses of Bitcoin and Tezos keep their spelling", arguments: checked)
    func accepted(address: String, chain: WalletAddress.Chain) throws {
        let wallet = try WalletAddress(address)
        #expect(wallet.text == address)
        #expect(wallet.chain == chain)
    }

    @Test(
        "a public key of Solana keeps its spelling",
        arguments: ["TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"])
    func solana(address: String) throws {
        let wallet = try WalletAddress("  \(address)\n")
        #expect(wallet.text == address)
        #expect(wallet.chain == .solana)
    }

    @Test("one character changed is a wrong checksum or a wrong length, never another wallet", arguments: checked)
    func everyCharacter(address: String, chain: WalletAddress.Chain) {
        let characters = Array(address)
        for index in characters.indices {
            for other in "1z9A" where other != characters[index] {
                var changed = characters
                changed[index] = other
                #expect(refusal(of: String(changed))?.code == .invalidWallet)
            }
        }
    }

    @Test(
        "what is no address is refused with a sentence that says why",
        arguments: [
            ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "one character is probably wrong"),
            ("tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjc", "one character is probably wrong"),
            ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVNO", "no 0, O, I or l"),
            ("1BvBMSEYstWetqTFn5Au4m4GFg7xJa", "wrong length"),
            ("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5", "wrong length"),
            // Litecoin, with a good checksum.
            ("LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9", "chain that is not known"),
            ("11111111111111111111111111111111", "nobody"),
            ("1111111111111111111114oLvT2", "nobody"),
        ])
    func refused(text: String, why: String) {
        #expect(refusal(of: text)?.code == .invalidWallet)
        #expect(refusal(of: text)?.message.contains(why) == true)
    }

    @Test(
        "the published digests of SHA-256 come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digests(message: String, digest: String) {
        let hex = SHA256.digest(Array(message.utf8)).map { byte in
            [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined()
        }
        #expect(hex.joined() == digest)
    }
}
