import COpenSSL

/// The tag of a message to open, in the form in which OpenSSL takes it when the message begins: setting it by a call of its own costs a tenth of
/// opening an entry.
@safe struct TagParameter: ~Copyable {
    // All three are owned by this value and freed in deinit. The parameters hold the addresses of the other two.
    private let name: UnsafeMutablePointer<CChar>
    private let tag: UnsafeMutablePointer<UInt8>
    private let parameters: UnsafeMutablePointer<OSSL_PARAM>

    init() {
        let name = Array(OSSL_CIPHER_PARAM_AEAD_TAG.utf8CString)
        unsafe self.name = .allocate(capacity: name.count)
        for (index, character) in name.enumerated() { unsafe (self.name + index).initialize(to: character) }
        unsafe self.tag = .allocate(capacity: GCMContext.tagSize)
        unsafe self.tag.initialize(repeating: 0, count: GCMContext.tagSize)
        unsafe self.parameters = .allocate(capacity: 2)
        unsafe self.parameters.initialize(to: OSSL_PARAM_construct_octet_string(self.name, self.tag, GCMContext.tagSize))
        unsafe (self.parameters + 1).initialize(to: OSSL_PARAM_construct_end())
    }

    deinit {
        unsafe self.parameters.deallocate()
        unsafe self.tag.deallocate()
        unsafe self.name.deallocate()
    }

    /// Lends the parameters for this tag. OpenSSL copies what is in them (EVP_EncryptInit(3)).
    func with<Result>(_ tag: UnsafePointer<UInt8>, _ body: (UnsafePointer<OSSL_PARAM>) -> Result) -> Result {
        unsafe self.tag.update(from: tag, count: GCMContext.tagSize)
        return unsafe body(self.parameters)
    }
}
