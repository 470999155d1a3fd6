/// One key, ready to derive the keys of messages: AES-256 with its schedule, and the subkey of CMAC (NIST SP 800-38B).
///
/// XAES-256-GCM (C2SP, "XAES-256-GCM", https://c2sp.org/XAES-256-GCM) derives two blocks by CMAC as SP 800-108 counter mode has it. Their
/// messages are one block each, so that only the first subkey is needed, and both leave in one call.
final class KeySchedule {
    /// Bytes of a derived key.
    static let derivedSize = 32

    private let aes: AESContext
    // K1, as two halves in the machine's byte order.
    private let subkey: (UInt64, UInt64)

    init(_ cipher: borrowing Cipher, key: SealKey) throws(SealingError) {
        let aes = try AESContext(cipher, key: key)
        var block: (UInt64, UInt64) = (0, 0)
        let done = unsafe withUnsafeMutableBytes(of: &block) { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe aes.encrypt(start.assumingMemoryBound(to: UInt8.self), byteCount: AESContext.blockSize)
        }
        guard done else { throw .library("AES-256") }
        self.aes = aes
        let (high, low) = (UInt64(bigEndian: block.0), UInt64(bigEndian: block.1))
        // L << 1, with the polynomial where a bit falls out.
        let reduction: UInt64 = high >> 63 == 1 ? 0b1000_0111 : 0
        self.subkey = ((high << 1 | low >> 63).bigEndian, (low << 1 ^ reduction).bigEndian)
    }

    /// Derives the key for messages whose nonce begins with these 12 bytes, into 32 bytes.
    func derive(nonce: UnsafeRawPointer, into derived: UnsafeMutablePointer<UInt8>) -> Bool {
        // Two blocks: counter 1 and 2 in two bytes, "X", 0, and the first half of the nonce.
        let blocks = UnsafeMutableRawPointer(derived)
        for counter in 1...2 {
            let block = unsafe blocks + AESContext.blockSize * (counter - 1)
            unsafe block.storeBytes(of: (UInt32(counter) << 16 | 0x5800).bigEndian, as: UInt32.self)
            unsafe (block + 4).copyMemory(from: nonce, byteCount: 12)
            unsafe block.storeBytes(of: block.loadUnaligned(as: UInt64.self) ^ self.subkey.0, as: UInt64.self)
            unsafe (block + 8).storeBytes(of: (block + 8).loadUnaligned(as: UInt64.self) ^ self.subkey.1, as: UInt64.self)
        }
        return unsafe self.aes.encrypt(derived, byteCount: Self.derivedSize)
    }
}
