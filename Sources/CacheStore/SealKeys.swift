package import Sealing
public import SessionStore

/// The keys under which entries are sealed in Redis: the first one seals, all open.
///
/// With keys, whoever can write to Redis can neither read a session, nor forge one or its absence, nor move one to another key, table or region; an
/// entry put back later answers for at most `revalidateAfter` after it was sealed (docs/WIRE-FORMAT.md, docs/THREAT-MODEL.md). Every process that
/// shares the entries needs the key that sealed them. A change of keys needs no flush: first the new key goes behind the old one everywhere,
/// then in front of it; entries of the old key open until they end.
///
/// They cannot be printed, and are overwritten in memory when the last user lets go of them.
public struct SealKeys: Hashable, Sendable {
    package let ring: KeyRing

    /// Keys that were read elsewhere.
    package init(_ ring: KeyRing) {
        self.ring = ring
    }

    /// Reads `kid:base64` keys, separated by commas or line ends: a name of 1 to 32 of the characters `0-9 a-z A-Z . _ -`, and 32 bytes in
    /// base64. At most 16 of them, no name and no key twice.
    ///
    /// Throws `.misconfigured` with every problem in one message, which quotes nothing of the text.
    public init(_ text: String) throws(SessionStoreError) {
        do throws(SealingError) {
            self.ring = try KeyRing(text)
        } catch {
            throw SessionStoreError(.misconfigured, "correct the seal keys: \(error.problem)")
        }
    }
}

extension SealKeys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A constant: keys are not for logs.
    public var description: String { "<seal keys>" }

    /// A constant: keys are not for logs.
    public var debugDescription: String { self.description }

    /// Empty, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
