internal import SessionStore

/// Where a session belongs in the near cache: 64 bits of its name, as a call has it or as Redis tells it.
///
/// Seeded at random, so that nobody can choose names that meet in one place. Two names with the same bits share their invalidations, nothing else.
struct NearHash: Sendable {
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    private static let userPrefix = Array("user#".utf8)

    @inline(__always)
    func callAsFunction(_ key: SessionKey) -> UInt64 {
        switch key {
        case .session(let id): self.hash(id.rawValue, isUser: false)
        case .user(let id): self.hash(id.rawValue, isUser: true)
        case .call: self.hash(key.rawValue, isUser: false)
        }
    }

    /// `name`: what stands behind the prefix of the Redis key. No session's id holds a `#`.
    func callAsFunction(name: ArraySlice<UInt8>) -> UInt64 {
        let isUser = name.starts(with: Self.userPrefix)
        return (isUser ? name.dropFirst(Self.userPrefix.count) : name).withUnsafeBytes { self.hash($0, isUser: isUser) }
    }

    @inline(__always)
    private func hash(_ text: String, isUser: Bool) -> UInt64 {
        // Ids are native strings, whose bytes lie in one piece.
        text.utf8.withContiguousStorageIfAvailable { self.hash(UnsafeRawBufferPointer($0), isUser: isUser) }
            ?? Array(text.utf8).withUnsafeBytes { self.hash($0, isUser: isUser) }
    }

    /// Eight bytes at a time are multiplied in, the two halves of the product folded: as wyhash does.
    @inline(__always)
    private func hash(_ bytes: UnsafeRawBufferPointer, isUser: Bool) -> UInt64 {
        var hash = self.seed ^ (UInt64(bytes.count) << 1 | (isUser ? 1 : 0))
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = Self.mix(hash, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        if offset < bytes.count {
            var rest: UInt64 = 0
            if bytes.count >= 8 {
                rest = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            } else {
                for byte in bytes { rest = rest << 8 | UInt64(byte) }
            }
            hash = Self.mix(hash, rest)
        }
        return Self.mix(hash, 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB ^ (word << 1 | 1))
        return product.high ^ product.low
    }
}
