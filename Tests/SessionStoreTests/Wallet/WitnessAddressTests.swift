import SessionStore
import Testing

@Suite("Bitcoin's witness addresses")
struct WitnessAddressTests {
    // The vectors of BIP-350, which replace those of BIP-173.
    @Test(
        "the valid addresses of BIP-350 are accepted, in lower case",
        arguments: [
            ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", WalletAddress.Chain.bitcoin),
            ("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", .bitcoinTest),
            ("bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", .bitcoin),
            ("BC1SW50QGDZ25J", .bitcoin),
            ("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", .bitcoin),
            ("tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", .bitcoinTest),
            ("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", .bitcoinTest),
            ("tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", .bitcoinTest),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", .bitcoin),
        ])
    func accepted(address: String, chain: WalletAddress.Chain) throws {
        let wallet = try WalletAddress(address)
        #expect(wallet.text == address.lowercased())
        #expect(wallet.chain == chain)
    }

    @Test(
        "the invalid addresses of BIP-350 are refused",
        arguments: [
            ("tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", "form"),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "checksum"),
            ("tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", "checksum"),
            ("BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "checksum"),
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "checksum"),
            ("tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", "checksum"),
            ("bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "no 1, b, i or o"),
            ("BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "witness program"),
            ("bc1pw5dgrnzv", "witness program"),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", "witness program"),
            ("BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "witness program"),
            ("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "one case"),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "witness program"),
            ("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "witness program"),
            ("bc1gmk9yu", "witness program"),
            ("bc1", "length"),
            // The invalid addresses of BIP-173 that BIP-350 does not repeat.
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "checksum"),
            ("BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2", "witness program"),
            ("bc1rw5uspcuh", "witness program"),
            ("bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90", "witness program"),
            ("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7", "one case"),
            ("bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du", "witness program"),
            ("tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv", "witness program"),
            // A program of zeros, of both versions.
            ("bc1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq9e75rs", "nobody"),
            ("bc1pqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpqqenm", "nobody"),
        ])
    func refused(address: String, why: String) {
        #expect(refusal(of: address)?.code == .invalidWallet)
        #expect(refusal(of: address)?.message.contains(why) == true)
    }

    @Test("any one letter changed is a wrong checksum")
    func everyLetter() {
        let address = Array("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
        for index in 4..<address.count {
            for letter in "qpzry9x8gf2tvdw0s3jn54khce6mua7l" where letter != address[index] {
                var changed = address
                changed[index] = letter
                #expect(refusal(of: String(changed))?.message.contains("checksum") == true)
            }
        }
    }
}
