internal import SessionStore

/// Which of several stores has a session: always the same one, so that what is done to it is done in order and over one connection.
///
/// Seeded at random, so that nobody can choose names that all meet in one store.
struct KeySpread: Sendable {
    private let count: UInt64
    private let seed: UInt64

    /// A spread over `count` stores, one at least.
    init(count: Int, seed: UInt64) {
        self.count = UInt64(count)
        self.seed = seed
    }

    /// 0..<count. The upper half of the product takes the hash's 64 bits into that range without a division, each number as often as any other.
    @inline(__always)
    func callAsFunction(_ key: SessionKey) -> Int {
        let hash =
            switch key {
            case .session(let id): self.hash(id.rawValue, self.seed)
            case .user(let id): self.hash(id.rawValue, ~self.seed)
            case .call(let call): self.hash(call.rawValue, self.seed)
            }
        return Int(truncatingIfNeeded: hash.multipliedFullWidth(by: self.count).high)
    }

    @inline(__always)
    private func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        // Ids are native strings, whose bytes lie in one piece.
        text.utf8.withContiguousStorageIfAvailable { Self.hash(UnsafeRawBufferPointer($0), seed) }
            ?? Array(text.utf8).withUnsafeBytes { Self.hash($0, seed) }
    }

    /// Sixteen bytes with each multiplication, the two halves of the product folded, as wyhash does; the last ones overlap.
    @inline(__always)
    private static func hash(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        guard bytes.count >= 16 else {
            var words: (UInt64, UInt64) = (0, 0)
            for (place, byte) in bytes.enumerated() {
                if place < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
            }
            return self.mix(self.mix(hash, words.0, words.1), 0, 0)
        }
        var offset = 0
        while offset + 16 < bytes.count {
            hash = self.mix(hash, at: offset, in: bytes)
            offset += 16
        }
        return self.mix(self.mix(hash, at: bytes.count - 16, in: bytes), 0, 0)
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, at offset: Int, in bytes: UnsafeRawBufferPointer) -> UInt64 {
        self.mix(
            hash, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, _ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = (hash ^ one ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: other ^ 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }
}
