import COpenSSL

/// Names sessions and users in logs by eight digits that nobody can turn back: lines about the same session can be told from others, and an id, which is a
/// credential, is written nowhere.
///
/// HMAC-SHA-256 (RFC 2104) of what is named, under a key: ids are guessable, so a digest without a key would be one that anybody can compute. A hundred million
/// digests are few enough that two sessions of a busy day may share one; who compares asks `doctor --session` of both.
@safe package final class LogDigest: Sendable {
    /// Bytes that a key has at least, before it is digested.
    package static let minimumKeyLength = 16

    // Keyed in `init`, never fed with a message: from then on it is only duplicated, which reads it (EVP_MAC_CTX_dup(3)). Freed in `deinit`.
    nonisolated(unsafe) private let keyed: OpaquePointer

    /// Digests under a key of its own: any text of at least 16 bytes. Throws `.keys` for a shorter one, `.library` where OpenSSL has no HMAC.
    package convenience init(key text: String) throws(SealingError) {
        guard text.utf8.count >= Self.minimumKeyLength else { throw SealingError(.keys, "a key for logs has at least 16 characters") }
        unsafe self.init(try Self.context(Array(text.utf8)))
    }

    /// Digests under a key that is derived from the first of these: what logs show tells nothing of what is sealed. Throws `.library`.
    package convenience init(derivedFrom ring: KeyRing) throws(SealingError) {
        var secret = unsafe ring.keys[0].withBytes { unsafe Array($0) }
        defer { unsafe secret.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        let base = unsafe try Self.context(secret)
        defer { unsafe EVP_MAC_CTX_free(base) }
        var key = [UInt8](repeating: 0, count: 32)
        defer { unsafe key.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        guard unsafe Self.code(base, Array("bedrock-sessions log digest 1".utf8), into: &key) else { throw .library("HMAC") }
        unsafe self.init(try Self.context(key))
    }

    private init(_ keyed: OpaquePointer) {
        unsafe self.keyed = keyed
    }

    deinit {
        unsafe EVP_MAC_CTX_free(self.keyed)
    }

    /// The eight digits of a session; nil when OpenSSL fails.
    package func digest(session id: String) -> String? {
        self.digits("session\u{0}" + id)
    }

    /// The eight digits of a user; nil when OpenSSL fails.
    package func digest(user id: String) -> String? {
        self.digits("user\u{0}" + id)
    }

    private func digits(_ message: String) -> String? {
        var code = [UInt8](repeating: 0, count: 32)
        guard unsafe Self.code(self.keyed, Array(message.utf8), into: &code) else { return nil }
        // 64 bits modulo 10^8: no digest is more likely than another by a part in 10^11.
        let number = code.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 100_000_000
        let digits = String(number)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func context(_ key: [UInt8]) throws(SealingError) -> OpaquePointer {
        guard let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else { throw .library("EVP_MAC_fetch") }
        // The context keeps a reference of its own (EVP_MAC_CTX_new(3)).
        defer { unsafe EVP_MAC_free(mac) }
        guard let context = unsafe EVP_MAC_CTX_new(mac) else { throw .library("EVP_MAC_CTX_new") }
        var value = Array("SHA2-256".utf8CString)
        // A parameter holds the addresses of both texts (OSSL_PARAM_construct_utf8_string(3)), not copies: they are lent for as long as it is used. A literal
        // in the call would be gone before that.
        let done = unsafe Array(OSSL_MAC_PARAM_DIGEST.utf8CString).withUnsafeBufferPointer { name in
            unsafe value.withUnsafeMutableBufferPointer { value in
                let digest = unsafe OSSL_PARAM_construct_utf8_string(name.baseAddress, value.baseAddress, 0)
                return unsafe EVP_MAC_init(context, key, key.count, [digest, OSSL_PARAM_construct_end()]) == 1
            }
        }
        guard done else {
            unsafe EVP_MAC_CTX_free(context)
            throw .library("EVP_MAC_init")
        }
        return unsafe context
    }

    private static func code(_ keyed: OpaquePointer, _ message: [UInt8], into code: inout [UInt8]) -> Bool {
        guard let context = unsafe EVP_MAC_CTX_dup(keyed) else { return false }
        defer { unsafe EVP_MAC_CTX_free(context) }
        var length = 0
        guard unsafe EVP_MAC_update(context, message, message.count) == 1 else { return false }
        return unsafe EVP_MAC_final(context, &code, &length, code.count) == 1 && length == code.count
    }
}

extension LogDigest: CustomStringConvertible, CustomReflectable {
    /// A constant: keys are not for logs.
    package var description: String { "<log digest>" }

    /// Empty, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
