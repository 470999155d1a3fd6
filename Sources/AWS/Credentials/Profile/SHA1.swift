import COpenSSL

/// SHA-1, which names the files of cached tokens. Nothing is protected by it.
enum SHA1 {
    static func digest(_ bytes: [UInt8]) throws(AWSError) -> [UInt8] {
        guard let digest = unsafe EVP_MD_fetch(nil, "SHA1", nil) else { throw .crypto("fetch of SHA1") }
        defer { unsafe EVP_MD_free(digest) }
        var result = [UInt8](repeating: 0, count: 20)
        var length: UInt32 = 0
        let done = unsafe bytes.withUnsafeBytes { input in
            unsafe result.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, &length, digest, nil)
            }
        }
        guard done == 1 else { throw .crypto("SHA-1") }
        return result
    }
}
