import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("What stands literally in a user's words")
struct TypedWordsTests {
    private static let evm = BedrockEvents.wallet
    private static let lower = Self.evm.lowercased()
    private static let bech32 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    private static let solana = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"

    private func contain(_ text: String, _ address: String) throws -> Bool {
        TypedWords(text).contain(try WalletAddress(address))
    }

    @Test(
        "an address that is a word of its own is there, in any valid spelling",
        arguments: [
            evm, lower, "0x" + lower.dropFirst(2).uppercased(), "It is \(evm).", "(\(evm))", "\"\(lower)\"", "to:\(evm), please",
            "\n\(evm)\r\n",
            "https://etherscan.io/address/\(evm)?a=b", "ethereum:\(evm)", "→\(evm)←", "\(evm)...", "«\(evm)»", "eins,\(evm),zwei",
            "- \(evm)",
        ])
    func isThere(text: String) throws {
        #expect(try self.contain(text, Self.evm))
    }

    @Test(
        "a part of a longer word, a wrong checksum, another address or pieces of it are not",
        arguments: [
            "", "0x", String(evm.dropFirst(2)), String(evm.dropLast()), evm + "0", "a" + evm, "0" + evm, evm + "_1", "_" + evm,
            "\(evm).eth",
            "mail@\(evm)", "x-\(evm)", "\(evm)-x", "ä\(evm)", "\(evm)\u{301}", "\(evm)\u{200B}", "\u{202E}\(evm)", "\(evm)\u{4E2D}",
            evm.replacing("5aAeb", with: "5aaeb"), BedrockEvents.otherWallet, "\(evm.prefix(20)) \(evm.dropFirst(20))",
            evm.replacing("0x", with: "０x"), evm.replacing("a", with: "а"),
        ])
    func isNotThere(text: String) throws {
        #expect(try !self.contain(text, Self.evm))
    }

    @Test("what is spelled in one way only is there in that way only, Bech32 in either case")
    func exactForms() throws {
        #expect(try self.contain("send to \(Self.solana)!", Self.solana))
        #expect(try !self.contain("send to \(Self.solana.lowercased())!", Self.solana))
        #expect(try self.contain(Self.bech32.uppercased(), Self.bech32))
        #expect(try !self.contain("B" + Self.bech32.dropFirst(), Self.bech32))
    }

    @Test("a code is there as a word, whatever its case", arguments: ["K7QM3X9P", "yes, k7qm3x9p.", "code:K7QM3X9P"])
    func code(text: String) {
        #expect(TypedWords(text).contain(code: "K7QM3X9P"))
        #expect(!TypedWords(text).contain(code: "K7QM3X9Q"))
        #expect(!TypedWords("A" + text.replacing(" ", with: "")).contain(code: "K7QM3X9P") || text.contains(":") || text.contains(","))
    }

    @Test("looking takes as long as the text is, whatever is in it")
    func longText() throws {
        let text = String(repeating: "0x\(Self.lower.dropFirst(2).dropLast())f ", count: 2000) + String(repeating: "a", count: 100_000)
        #expect(try !self.contain(text, Self.evm))
        #expect(try self.contain(text + " " + Self.evm, Self.evm))
    }
}
