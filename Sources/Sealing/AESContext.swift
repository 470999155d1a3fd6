import COpenSSL

/// AES-256 of single blocks under one key, whose schedule is computed once.
struct AESContext: ~Copyable {
    /// Bytes of a block.
    static let blockSize = 16

    private let context: CipherContext

    /// The cipher under `key`.
    init(_ cipher: borrowing Cipher, key: SealKey) throws(SealingError) {
        let context = try CipherContext()
        let done = unsafe key.withBytes { key in
            unsafe EVP_EncryptInit_ex2(context.pointer, cipher.pointer, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, nil) == 1
                && EVP_CIPHER_CTX_set_padding(context.pointer, 0) == 1
        }
        guard done else { throw .library("AES-256 key") }
        self.context = context
    }

    /// Encrypts whole blocks where they are. Without padding nothing is held back for a later call (EVP_EncryptInit(3)).
    func encrypt(_ blocks: UnsafeMutablePointer<UInt8>, byteCount: Int) -> Bool {
        var count: CInt = 0
        return unsafe EVP_EncryptUpdate(self.context.pointer, blocks, &count, blocks, CInt(byteCount)) == 1 && Int(count) == byteCount
    }
}
