/// Why something was not sealed or not opened. Nothing of a key, a nonce or a text is in it.
package struct SealingError: Error, Hashable, Sendable {
    /// What went wrong.
    package enum Code: Hashable, Sendable {
        /// The text of the keys is none; the problem says what to correct.
        case keys
        /// The bytes cannot have been sealed: too few, or with an impossible key id.
        case malformed
        /// They were sealed under a key that is not there.
        case unknownKey
        /// They, or what they were sealed for, have been changed; or the key of that id is another one.
        case notAuthentic
        /// OpenSSL failed.
        case library
    }

    /// What went wrong.
    package var code: Code
    /// What to correct, or the call that failed.
    package var problem: String

    init(_ code: Code, _ problem: String) {
        self.code = code
        self.problem = problem
    }

    static let malformed = SealingError(.malformed, "the bytes cannot have been sealed")
    static let unknownKey = SealingError(.unknownKey, "sealed under a key that is not there")
    static let notAuthentic = SealingError(.notAuthentic, "changed since it was sealed, or sealed for something else")

    static func library(_ call: String) -> SealingError { SealingError(.library, "OpenSSL failed: \(call)") }
}
