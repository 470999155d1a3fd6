import SessionStore

/// The turn of a conversation that an event belongs to: Bedrock sends every action of a turn with the words that the user said in it.
struct Turn: Hashable, Sendable {
    /// The user's words; empty where the event has none. Two turns with the same words count as one.
    let words: String
    /// A digest that names the turn in a session's bookkeeping: 128 bits in hexadecimal digits. It differs between sessions.
    let digest: String

    init(_ words: String?, in session: SessionID) {
        self.words = words ?? ""
        let bytes = SHA256.digest(Array("turn\0\(session.rawValue)\0\(self.words)".utf8))
        self.digest = Self.hexadecimal(bytes.prefix(16))
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
