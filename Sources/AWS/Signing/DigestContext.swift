import COpenSSL

/// SHA-256 with its implementation fetched once and its context kept.
///
/// Fetching the digest anew for each hash, as the one-shot calls do, costs more than hashing a request (OpenSSL, crypto(7), "Performance").
@safe struct DigestContext: ~Copyable {
    /// Bytes of a SHA-256 digest.
    static let length = 32

    // Owned by this value, freed in deinit, never handed out.
    private let digest: OpaquePointer
    private let context: OpaquePointer

    init() throws(AWSError) {
        guard let digest = unsafe EVP_MD_fetch(nil, "SHA2-256", nil) else { throw .crypto("fetch of SHA2-256") }
        guard let context = unsafe EVP_MD_CTX_new() else {
            unsafe EVP_MD_free(digest)
            throw .crypto("EVP_MD_CTX_new")
        }
        unsafe self.digest = digest
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(self.context)
        unsafe EVP_MD_free(self.digest)
    }

    /// Writes the digest of `bytes` over the first 32 bytes of `result`.
    func hash(_ bytes: [UInt8], into result: inout [UInt8]) throws(AWSError) {
        guard result.count >= Self.length else { throw .crypto("room for a digest") }
        let done = unsafe bytes.withUnsafeBytes { input in
            unsafe result.withUnsafeMutableBufferPointer { output in
                unsafe EVP_DigestInit_ex2(self.context, self.digest, nil) == 1
                    && EVP_DigestUpdate(self.context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(self.context, output.baseAddress, nil) == 1
            }
        }
        guard done else { throw .crypto("SHA-256") }
    }
}
