import SessionStore

/// The keys of a load's sessions: `<prefix>.<number>`.
struct LoadKeys: Sendable {
    private let prefix: String
    /// Made once, where they do not take too much memory: making one costs a third of a cached read.
    private let keys: [SessionKey]

    private static let kept = 1_000_000

    init(prefix: String, count: Int) {
        self.prefix = prefix
        self.keys = count > Self.kept ? [] : (0..<count).map { Self.key(prefix, $0) }
    }

    subscript(session: Int) -> SessionKey {
        self.keys.isEmpty ? Self.key(self.prefix, session) : self.keys[session]
    }

    private static func key(_ prefix: String, _ session: Int) -> SessionKey {
        // A plan whose names are no session ids is refused before it runs.
        guard let id = try? SessionID("\(prefix).\(session)") else { preconditionFailure("a load's names are session ids") }
        return .session(id)
    }
}
