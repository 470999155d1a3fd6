package import SessionStore

/// What a write of a load stores, so that whoever reads it can tell whose it is and which write it was, with nothing else at hand.
package struct LoadContent: Hashable, Sendable {
    /// The session's number.
    package var session: Int
    /// The write's number, which no other write of any process of the run has.
    package var number: UInt64

    /// The content of that write.
    package init(session: Int, number: UInt64) {
        (self.session, self.number) = (session, number)
    }

    /// The fields that carry it.
    package static let walletField = "wallet_address"
    package static let textField = "load"

    /// The fields: a wallet address that belongs to session and number, and a text of `bytes` bytes, or what the numbers take, that begins with them.
    package func data(bytes: Int) -> SessionData {
        var text = "\(self.session).\(self.number)."
        let missing = bytes - text.utf8.count
        if missing > 0 { text += String(repeating: "x", count: missing) }
        return [Self.walletField: .string(self.wallet), Self.textField: .string(text)]
    }

    /// Reads the fields of a session; nil for what no write of a load of `bytes` bytes has stored.
    package init?(_ data: SessionData) {
        // A server adds fields of its own, such as the time at which a wallet was given.
        guard case .string(let text)? = data[Self.textField], case .string(let wallet)? = data[Self.walletField] else {
            return nil
        }
        var parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false).makeIterator()
        guard let first = parts.next(), let second = parts.next(), let rest = parts.next(),
            let session = Int(Substring(first)), let number = UInt64(Substring(second)), rest.allSatisfy({ $0 == UInt8(ascii: "x") })
        else { return nil }
        self.init(session: session, number: number)
        // A server writes an address with the capitals of its checksum (EIP-55).
        guard wallet.lowercased() == self.wallet else { return nil }
    }

    /// `0x` and 40 digits.
    private var wallet: String {
        let seed = SplitMix.mix(UInt64(bitPattern: Int64(self.session)) &* 0xD6E8_FEB8_6659_FD93 ^ self.number)
        var digits: [UInt8] = [UInt8(ascii: "0"), UInt8(ascii: "x")]
        digits.reserveCapacity(42)
        for place in 0..<5 {
            let word = UInt32(truncatingIfNeeded: SplitMix.mix(seed &+ UInt64(place)))
            for shift in stride(from: 28, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: word >> UInt32(shift)) & 15
                digits.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
