import COpenSSL

/// The state of one use of a cipher, made once and used again. Freeing it wipes the schedule of its last key (EVP_CIPHER_CTX_free(3)).
@safe struct CipherContext: ~Copyable {
    // Owned by this value, freed in deinit.
    let pointer: OpaquePointer

    init() throws(SealingError) {
        guard let pointer = unsafe EVP_CIPHER_CTX_new() else { throw .library("EVP_CIPHER_CTX_new") }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(self.pointer)
    }
}
