import COpenSSL

/// AES-256-GCM with a context that is kept: each message brings its key.
struct GCMContext: ~Copyable {
    /// Bytes of a tag.
    static let tagSize = 16

    private let context: CipherContext
    private let tag = TagParameter()

    /// A context without a key.
    init(_ cipher: borrowing Cipher) throws(SealingError) {
        let context = try CipherContext()
        guard unsafe EVP_EncryptInit_ex2(context.pointer, cipher.pointer, nil, nil, nil) == 1 else { throw .library("AES-256-GCM") }
        self.context = context
    }

    /// Begins a message to seal, with 32 bytes of key and 12 of nonce.
    func startSealing(key: UnsafePointer<UInt8>, nonce: UnsafePointer<UInt8>) -> Bool {
        // Without a cipher the context keeps its own.
        unsafe EVP_EncryptInit_ex2(self.context.pointer, nil, key, nonce, nil) == 1
    }

    /// Begins a message to open, which has to have this tag.
    func startOpening(key: UnsafePointer<UInt8>, nonce: UnsafePointer<UInt8>, tag: UnsafePointer<UInt8>) -> Bool {
        unsafe self.tag.with(tag) { unsafe EVP_DecryptInit_ex2(self.context.pointer, nil, key, nonce, $0) == 1 }
    }

    /// Adds what is authenticated and not encrypted. May be called several times, before the text.
    func authenticate(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return true }
        var count: CInt = 0
        return unsafe EVP_CipherUpdate(self.context.pointer, nil, &count, bytes.baseAddress, CInt(bytes.count)) == 1
    }

    /// Encrypts or decrypts all of the text, in the direction in which the message began.
    func transform(_ text: UnsafeBufferPointer<UInt8>, into result: UnsafeMutablePointer<UInt8>) -> Bool {
        guard !text.isEmpty else { return true }
        var count: CInt = 0
        let done = unsafe EVP_CipherUpdate(self.context.pointer, result, &count, text.baseAddress, CInt(text.count))
        return done == 1 && Int(count) == text.count
    }

    /// Ends a message to seal and writes its tag.
    func finishSealing(tag: UnsafeMutablePointer<UInt8>) -> Bool {
        var count: CInt = 0
        // GCM holds nothing back: the call writes no byte, and its result wants an address all the same.
        return unsafe EVP_EncryptFinal_ex(self.context.pointer, tag, &count) == 1
            && EVP_CIPHER_CTX_ctrl(self.context.pointer, EVP_CTRL_AEAD_GET_TAG, CInt(Self.tagSize), tag) == 1
    }

    /// Ends a message to open: whether it has its tag. OpenSSL compares in constant time (CRYPTO_memcmp in its providers' GCM).
    func finishOpening(scratch: UnsafeMutablePointer<UInt8>) -> Bool {
        var count: CInt = 0
        return unsafe EVP_DecryptFinal_ex(self.context.pointer, scratch, &count) == 1
    }
}
