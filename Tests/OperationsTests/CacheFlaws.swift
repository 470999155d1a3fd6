import CacheStore

/// The flaws of a value by what they say of a deployment.
enum CacheFlaws {
    /// Another program, or another version, writes here.
    static let format: [CacheFinding.Flaw] = [.otherType, .otherFormat, .undecodable]
    /// The keys are not the same everywhere.
    static let seal: [CacheFinding.Flaw] = [.unsealed, .sealed, .unknownKey, .notAuthentic]
}
