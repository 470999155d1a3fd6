import COpenSSL

/// HMAC-SHA-256 with its implementation fetched once and its context kept.
@safe struct MACContext: ~Copyable {
    // Owned by this value, freed in deinit, never handed out.
    private let context: OpaquePointer

    init() throws(AWSError) {
        unsafe self.context = try Self.make()
    }

    private static func make() throws(AWSError) -> OpaquePointer {
        guard let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else { throw .crypto("fetch of HMAC") }
        // The context holds its own reference to the implementation (EVP_MAC_CTX_new(3)).
        let created = unsafe EVP_MAC_CTX_new(mac)
        unsafe EVP_MAC_free(mac)
        guard let context = unsafe created else { throw .crypto("EVP_MAC_CTX_new") }
        var name = Array("SHA2-256".utf8CString)
        // A parameter keeps the addresses of its key and value: both have to live until the call.
        let key = Array("digest".utf8CString)
        let set = unsafe key.withUnsafeBufferPointer { key in
            unsafe name.withUnsafeMutableBufferPointer { name in
                var parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(key.baseAddress, name.baseAddress, 0), OSSL_PARAM_construct_end(),
                ]
                // The parameters are copied by the call.
                return unsafe EVP_MAC_CTX_set_params(context, &parameters) == 1
            }
        }
        guard set else {
            unsafe EVP_MAC_CTX_free(context)
            throw .crypto("HMAC parameters")
        }
        return unsafe context
    }

    deinit {
        unsafe EVP_MAC_CTX_free(self.context)
    }

    /// Keys the context; the following `authenticate` calls use this key.
    func setKey(_ key: [UInt8]) throws(AWSError) {
        // A key of no bytes would mean "the same key as before" if its address were null.
        let padded = key.isEmpty ? [0] : key
        let done = unsafe padded.withUnsafeBufferPointer { unsafe EVP_MAC_init(self.context, $0.baseAddress, key.count, nil) == 1 }
        guard done else { throw .crypto("HMAC key") }
    }

    /// Writes the code of `bytes` over the first 32 bytes of `result`.
    func authenticate(_ bytes: [UInt8], into result: inout [UInt8]) throws(AWSError) {
        guard result.count >= DigestContext.length else { throw .crypto("room for a code") }
        var length = 0
        let done = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe result.withUnsafeMutableBufferPointer { output in
                // A null key starts over with the key already set (EVP_MAC_init(3)).
                unsafe EVP_MAC_init(self.context, nil, 0, nil) == 1
                    && EVP_MAC_update(self.context, input.baseAddress, input.count) == 1
                    && EVP_MAC_final(self.context, output.baseAddress, &length, output.count) == 1
            }
        }
        guard done else { throw .crypto("HMAC") }
    }
}
