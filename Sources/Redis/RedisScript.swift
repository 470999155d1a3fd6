internal import COpenSSL

/// A Lua script and the digest by which the server remembers it, computed once.
public struct RedisScript: Hashable, Sendable {
    /// The source in Lua.
    public let source: String
    /// The SHA-1 of the source in lower-case hexadecimal digits, as EVALSHA takes it.
    public let sha1: String

    let sourceBytes: [UInt8]
    let sha1Bytes: [UInt8]

    /// A script with this source.
    public init(_ source: String) {
        self.source = source
        self.sourceBytes = Array(source.utf8)
        self.sha1Bytes = Self.hexadecimalSHA1(of: self.sourceBytes)
        self.sha1 = String(decoding: self.sha1Bytes, as: UTF8.self)
    }

    private static func hexadecimalSHA1(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        // EVP_Digest(3) writes at most EVP_MD_get_size bytes, 20 for SHA-1; a failure (SHA-1 turned off) leaves zeros: EVALSHA then answers
        // NOSCRIPT and EVAL takes over, which is slower and right.
        unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil)
        let digits = Array("0123456789abcdef".utf8)
        return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
