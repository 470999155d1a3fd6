import COpenSSL

/// A key of 256 bits with the name by which entries refer to it. It cannot be printed, and is overwritten when the last user lets go of it.
package final class SealKey: Sendable {
    /// Bytes of a key.
    package static let byteCount = 32
    /// Characters of a key id.
    package static let idLengths = 1...32

    /// The key id: 1 to 32 of `0-9 a-z A-Z . _ -`. Entries carry it in the open.
    package let id: [UInt8]
    private let secret: SecretBytes

    /// The key in `kid:base64`; `place` says which of several it is. Throws `.keys` with a problem that quotes nothing: in a text with a slip,
    /// the secret may stand where the id should.
    init(_ text: Substring.UTF8View, place: String) throws(SealingError) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
            throw SealingError(.keys, "\(place) has no colon: write kid:base64")
        }
        let id = Array(text[..<colon])
        guard Self.idLengths.contains(id.count), id.allSatisfy(Self.allows) else {
            throw SealingError(.keys, "the kid of \(place) is not 1 to 32 of the characters 0-9 a-z A-Z . _ -")
        }
        self.id = id
        let digits = text[text.index(after: colon)...]
        self.secret = unsafe try SecretBytes(count: Self.byteCount) { (room) throws(SealingError) in
            guard unsafe Base64.decode(digits, into: room) else {
                throw SealingError(.keys, "\(place) is not 32 bytes in base64 (44 characters behind the colon)")
            }
        }
    }

    /// A fresh key under this id, as the line `kid:base64` that `init` reads. Throws `.keys` for an id that is none.
    package static func freshLine(id: String) throws(SealingError) -> String {
        guard Self.idLengths.contains(id.utf8.count), id.utf8.allSatisfy(Self.allows) else {
            throw SealingError(.keys, "a kid is 1 to 32 of the characters 0-9 a-z A-Z . _ -")
        }
        let secret = unsafe try SecretBytes(count: Self.byteCount) { (room) throws(SealingError) in
            guard unsafe RAND_priv_bytes(room.baseAddress?.assumingMemoryBound(to: UInt8.self), CInt(room.count)) == 1 else {
                throw .library("RAND_priv_bytes")
            }
        }
        return unsafe id + ":" + secret.withBytes { unsafe Base64.encode($0) }
    }

    /// Lends the 32 bytes.
    func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        unsafe try self.secret.withBytes(body)
    }

    /// Whether the secrets are the same, whatever their ids.
    func hasSecret(of other: SealKey) -> Bool {
        self.secret.isEqual(to: other.secret)
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension SealKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A constant: keys are not for logs.
    package var description: String { "<seal key>" }

    /// A constant: keys are not for logs.
    package var debugDescription: String { self.description }

    /// Empty, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
