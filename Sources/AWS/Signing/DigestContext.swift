import COpenSSL

/// SHA-256 with its implementation fetched once and its context kept: one message after the other.
///
/// Fetching the digest anew for each hash, as the one-shot calls do, costs more than hashing a request (OpenSSL, crypto(7), "Performance").
@safe struct DigestContext: ~Copyable {
    /// Bytes of a SHA-256 digest.
    static let length = 32
    /// Bytes that SHA-256 takes in at a time (FIPS 180-4, section 1).
    static let blockLength = 64

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

    /// Begins a message.
    func start() throws(AWSError) {
        guard unsafe EVP_DigestInit_ex2(self.context, self.digest, nil) == 1 else { throw .crypto("EVP_DigestInit_ex2") }
    }

    /// Begins a message with what another one has taken in, which can go on as well.
    func start(from other: borrowing DigestContext) throws(AWSError) {
        guard unsafe EVP_MD_CTX_copy_ex(self.context, other.context) == 1 else { throw .crypto("EVP_MD_CTX_copy_ex") }
    }

    /// Takes in the first `count` bytes.
    func add(_ bytes: [UInt8], count: Int) throws(AWSError) {
        let done = unsafe bytes.withUnsafeBytes { input in
            unsafe EVP_DigestUpdate(self.context, input.baseAddress, min(count, input.count)) == 1
        }
        guard done else { throw .crypto("EVP_DigestUpdate") }
    }

    /// Takes in all these bytes.
    func add(_ bytes: [UInt8]) throws(AWSError) {
        try self.add(bytes, count: bytes.count)
    }

    /// Ends the message: writes its digest over the first 32 bytes of `result`.
    func finish(into result: inout [UInt8]) throws(AWSError) {
        guard result.count >= Self.length else { throw .crypto("room for a digest") }
        let done = unsafe result.withUnsafeMutableBufferPointer { output in
            unsafe EVP_DigestFinal_ex(self.context, output.baseAddress, nil) == 1
        }
        guard done else { throw .crypto("EVP_DigestFinal_ex") }
    }

    /// Writes the digest of `bytes` over the first 32 bytes of `result`.
    func hash(_ bytes: [UInt8], into result: inout [UInt8]) throws(AWSError) {
        try self.start()
        try self.add(bytes)
        try self.finish(into: &result)
    }
}
