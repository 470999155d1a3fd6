import SessionStore

/// A change of a wallet that waits for the user's confirmation. It lies in the session, never in the user's memory.
struct PendingChange: Hashable, Sendable {
    /// The new address.
    var wallet: String
    /// The turn in which it was asked about.
    var turn: String
    /// 128 random bits in hexadecimal digits, from which the code is made.
    var nonce: String
    /// Until when it can be confirmed.
    var until: Timestamp

    init(wallet: String, turn: String, nonce: String, until: Timestamp) {
        self.wallet = wallet
        self.turn = turn
        self.nonce = nonce
        self.until = until
    }

    /// What a session holds; nil: nothing, or nothing of ours.
    init?(_ stored: SessionValue?) {
        guard case .map(let parts)? = stored, let wallet = parts["wallet"]?.string, let turn = parts["turn"]?.string,
            let nonce = parts["nonce"]?.string, nonce.utf8.count == 32, let until = parts["until"]?.integer
        else { return nil }
        self.init(wallet: wallet, turn: turn, nonce: nonce, until: Timestamp(milliseconds: until))
    }

    /// As a session holds it.
    var stored: SessionValue {
        .map([
            "wallet": .string(self.wallet), "turn": .string(self.turn), "nonce": .string(self.nonce),
            "until": .number(String(self.until.milliseconds)),
        ])
    }

    /// The one-time code that confirms this change of this field, from this address to that one, in this session, for this user: nothing else.
    func code(for field: RememberedField, from current: String?, in session: SessionID, of user: UserID?) -> String {
        let parts = ["code", self.nonce, session.rawValue, user?.rawValue ?? "", field.name, current ?? "", self.wallet]
        let digest = SHA256.digest(Array(parts.joined(separator: "\0").utf8))
        return ConfirmationCode.text(of: digest)
    }
}

/// Short codes that people type: eight digits and consonants, 37 bits.
enum ConfirmationCode {
    /// Without vowels, so that no code is a word, and without what looks like something else.
    private static let alphabet = Array("23456789BCDFGHJKMNPQRSTVWXZ".unicodeScalars)
    private static let length = 8

    static func text(of digest: [UInt8]) -> String {
        var number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Self.length {
            scalars.append(Self.alphabet[Int(number % UInt64(Self.alphabet.count))])
            number /= UInt64(Self.alphabet.count)
        }
        return String(scalars)
    }

    /// Whether what an event carries is the code, whatever its case and the white space around it, in a time that does not depend on where they differ.
    static func matches(_ given: String, _ code: String) -> Bool {
        let (given, code) = (Array(given.uppercased().utf8.filter { $0 > 0x20 }), Array(code.utf8))
        guard given.count == code.count else { return false }
        return zip(given, code).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
