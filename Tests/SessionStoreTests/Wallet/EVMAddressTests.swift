import SessionStore
import Testing

@Suite("EVM addresses")
struct EVMAddressTests {
    // The vectors of EIP-55: all caps, all lower, and mixed.
    static let vectors = [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]

    @Test("an address with its checksum keeps its spelling", arguments: vectors)
    func checksummed(address: String) throws {
        let wallet = try WalletAddress(address)
        #expect(wallet.text == address)
        #expect(wallet.chain == .evm)
        #expect(wallet.chain.name == "evm")
    }

    @Test("an address in one case carries no checksum and gets one", arguments: vectors)
    func oneCase(address: String) throws {
        #expect(try WalletAddress(address.lowercased()).text == address)
        #expect(try WalletAddress("0x" + address.dropFirst(2).uppercased()).text == address)
        #expect(try WalletAddress(address.uppercased()).text == address)
    }

    @Test("letters of one case carry no checksum, which can be asked; other texts do not count")
    func lacksChecksum() {
        for address in Self.vectors {
            #expect(WalletAddress.lacksChecksum(address.lowercased()) == (address != address.lowercased()))
            #expect(!WalletAddress.lacksChecksum(address))
            #expect(!WalletAddress.lacksChecksum("0X" + address.dropFirst(2)))
        }
        for text in ["", "0x", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"] {
            #expect(!WalletAddress.lacksChecksum(text))
        }
    }

    @Test("white space around an address is dropped")
    func whiteSpace() throws {
        #expect(try WalletAddress(" \t\(Self.vectors[4])\r\n").text == Self.vectors[4])
    }

    @Test("a letter in the wrong case is a wrong checksum", arguments: vectors[4...])
    func wrongCase(address: String) throws {
        for index in address.indices.dropFirst(2) where address[index].isLetter {
            let flipped = address[index].isUppercase ? address[index].lowercased() : address[index].uppercased()
            let error = refusal(of: String(address[..<index]) + flipped + String(address[address.index(after: index)...]))
            #expect(error?.code == .invalidWallet)
            #expect(error?.message.contains("checksum") == true)
        }
    }

    @Test("a changed digit is a wrong checksum")
    func wrongDigit() {
        let error = refusal(of: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee")
        #expect(error?.message.contains("one character is probably wrong") == true)
    }

    @Test(
        "what is no address is refused with a sentence that says why",
        arguments: [
            ("", "empty"), (" \n ", "empty"), ("hello", "0x and 40"),
            ("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x before"),
            ("0x", "this one has 0"), ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "this one has 39"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd", "this one has 41"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", "another character"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA d", "another character"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beаed", "another character"),
            ("0x0000000000000000000000000000000000000000", "nobody"),
        ])
    func refused(text: String, why: String) {
        let error = refusal(of: text)
        #expect(error?.code == .invalidWallet)
        #expect(error?.message.contains(why) == true)
        #expect(text.count < 6 || error?.description.contains(text) == false)
    }
}

/// Why a text is no wallet address; nil when it is one.
func refusal(of text: String) -> SessionStoreError? {
    do throws(SessionStoreError) {
        _ = try WalletAddress(text)
        return nil
    } catch {
        return error
    }
}
