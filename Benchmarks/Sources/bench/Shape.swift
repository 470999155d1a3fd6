import SessionStore

/// How many sessions there are, and what each of them holds: a thousand with a wallet, unless the arguments say otherwise.
struct Shape: Sendable {
    var sessions = 1000
    var fields = 1
    /// Of each field's text; nil: that of a wallet's address.
    var bytes: Int?

    /// `SESSIONS FIELDS BYTES`, or nothing.
    init?(_ texts: ArraySlice<String>) {
        guard !texts.isEmpty else { return }
        let numbers = texts.compactMap { Int($0) }
        guard numbers.count == 3, texts.count == 3, numbers.allSatisfy({ $0 > 0 }) else { return nil }
        (self.sessions, self.fields, self.bytes) = (numbers[0], numbers[1], numbers[2])
    }

    init() {}

    /// Beyond what is usual: what large values cost is of interest as well.
    static let maximumEntrySize = 512 << 10

    func keys() throws -> [SessionKey] {
        try (0..<self.sessions).map { .session(try SessionID("3f1c2a50-8f0e-4a4e-9d7a-5f6f1\(1_000_000 + $0)")) }
    }

    /// What a session holds.
    var data: SessionData {
        guard let bytes = self.bytes else { return ["wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"] }
        return self.data(filledWith: "x", bytes)
    }

    /// What a write changes: every field, so that the price of all of them is in it.
    func change(_ turn: Int) -> SessionData {
        guard let bytes = self.bytes else { return ["wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"] }
        return self.data(filledWith: turn & 1 == 0 ? "y" : "z", bytes)
    }

    private func data(filledWith character: Character, _ bytes: Int) -> SessionData {
        let value = SessionValue.string(String(repeating: character, count: bytes))
        return SessionData(uniqueKeysWithValues: (0..<self.fields).map { ("field_\($0)", value) })
    }
}
