import COpenSSL

/// An implementation of a cipher, fetched once: fetching it for each use, as the functions named after ciphers do, costs more than using it
/// (OpenSSL, crypto(7), "Performance").
@safe struct Cipher: ~Copyable, Sendable {
    // Owned by this value, freed in deinit. Contexts take references of their own. Sendable: a fetched implementation never changes, and its count of
    // references is atomic (EVP_CIPHER_up_ref(3)).
    nonisolated(unsafe) let pointer: OpaquePointer

    /// The cipher of this name, from OpenSSL's default provider or whichever is configured.
    init(_ name: String) throws(SealingError) {
        guard let pointer = unsafe EVP_CIPHER_fetch(nil, name, nil) else { throw .library("fetch of \(name)") }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_CIPHER_free(self.pointer)
    }
}
