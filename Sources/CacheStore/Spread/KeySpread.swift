internal import SessionStore

/// Which of several stores has a session: always the same one, so that what is done to it is done in order and over one connection.
///
/// Seeded at random, so that nobody can choose names that all meet in one store.
struct KeySpread: Sendable {
    private let count: UInt64
    private let hash: NearHash

    /// A spread over `count` stores, one at least.
    init(count: Int, seed: UInt64) {
        self.count = UInt64(count)
        self.hash = NearHash(seed: seed)
    }

    /// 0..<count. The upper half of the product takes the hash's 64 bits into that range without a division, each number as often as any other.
    @inline(__always)
    func callAsFunction(_ key: SessionKey) -> Int {
        Int(truncatingIfNeeded: self.hash(key).multipliedFullWidth(by: self.count).high)
    }
}
