import Testing

@testable import SessionStore

/// The published strings of BIP-173 and BIP-350; what they say of whole addresses is in `WitnessAddressTests`.
@Suite("Bech32 and Bech32m")
struct Bech32Tests {
    @Test(
        "the valid strings of BIP-173 are Bech32",
        arguments: [
            "A12UEL5L", "a12uel5l",
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", "?1ezyfcl",
        ])
    func bech32(text: String) throws {
        #expect(try Bech32(Array(text.utf8)).variant == .bech32)
    }

    @Test(
        "the valid strings of BIP-350 are Bech32m",
        arguments: [
            "A1LQFN3A", "a1lqfn3a",
            "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
            "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
            "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
            "split1checkupstagehandshakeupstreamerranterredcaperredlc445v", "?1v759aa",
        ])
    func bech32m(text: String) throws {
        #expect(try Bech32(Array(text.utf8)).variant == .bech32m)
    }

    private static func behind(_ byte: UInt8, _ text: String) -> [UInt8] { [byte] + Array(text.utf8) }

    @Test(
        "the invalid strings of both are refused",
        arguments: [
            // BIP-173
            behind(0x20, "1nwldj5"), behind(0x7F, "1axkwrx"), behind(0x80, "1eym55h"),
            Array("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx".utf8),
            Array("pzry9x0s0muk".utf8), Array("1pzry9x0s0muk".utf8), Array("x1b4n0q5v".utf8), Array("li1dgmt3".utf8),
            Array("de1lg7wt".utf8) + [0xFF], Array("A1G7SGD8".utf8), Array("10a06t8".utf8), Array("1qzzfhee".utf8),
            // BIP-350
            behind(0x20, "1xj0phk"), behind(0x7F, "1g6xzxy"), behind(0x80, "1vctc34"),
            Array("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4".utf8),
            Array("qyrz8wqd2c9m".utf8), Array("1qyrz8wqd2c9m".utf8), Array("y1b0jsk6g".utf8), Array("lt1igcx5c0".utf8),
            Array("in1muywd".utf8), Array("mm1crxm3i".utf8), Array("au1s5cgom".utf8), Array("M1VUXWEZ".utf8), Array("16plkw9".utf8),
            Array("1p2gdwpf".utf8),
        ])
    func refused(bytes: [UInt8]) {
        #expect(throws: Bech32.Refusal.self) { try Bech32(bytes) }
    }
}
