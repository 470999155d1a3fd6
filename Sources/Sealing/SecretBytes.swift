import COpenSSL

/// Bytes that are overwritten when they are freed, in one place in memory from first to last.
@safe struct SecretBytes: ~Copyable, Sendable {
    // Sendable: written in `init` only, freed in `deinit`, lent to closures.
    nonisolated(unsafe) private let buffer: UnsafeMutableRawBufferPointer

    /// How many.
    var count: Int { unsafe self.buffer.count }

    /// That many bytes, which `fill` writes.
    init<Failure: Error>(count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe self.buffer = buffer
        // A throw runs `deinit`: everything is initialised.
        unsafe try fill(buffer)
    }

    deinit {
        unsafe OPENSSL_cleanse(self.buffer.baseAddress, self.buffer.count)
        unsafe self.buffer.deallocate()
    }

    /// Lends the bytes.
    func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        unsafe try body(UnsafeRawBufferPointer(self.buffer))
    }

    /// Whether both hold the same; how long that takes does not depend on what they hold (CRYPTO_memcmp(3)).
    func isEqual(to other: borrowing SecretBytes) -> Bool {
        guard self.count == other.count else { return false }
        return unsafe CRYPTO_memcmp(self.buffer.baseAddress, other.buffer.baseAddress, self.count) == 0
    }
}
