/// SHA-256, for the checksums of Base58Check: a few hundred bytes in a lifetime, so this room needs no library for it.
///
/// Source: FIPS 180-4, section 6.2 (https://doi.org/10.6028/NIST.FIPS.180-4).
package enum SHA256 {
    /// The 32 bytes of the digest.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        padded.append(contentsOf: repeatElement(0, count: (120 - padded.count % 64) % 64))
        let bits = UInt64(message.count) * 8
        padded.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) })

        var state = Self.squareRoots
        for block in stride(from: 0, to: padded.count, by: 64) {
            Self.compress(padded[block..<block + 64], into: &state)
        }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var schedule = [UInt32](repeating: 0, count: 64)
        for (index, byte) in block.enumerated() { schedule[index / 4] = schedule[index / 4] << 8 | UInt32(byte) }
        for index in 16..<64 {
            let (early, late) = (schedule[index - 15], schedule[index - 2])
            let first = Self.rotate(early, 7) ^ Self.rotate(early, 18) ^ early >> 3
            let second = Self.rotate(late, 17) ^ Self.rotate(late, 19) ^ late >> 10
            schedule[index] = schedule[index - 16] &+ first &+ schedule[index - 7] &+ second
        }
        var word = state
        for index in 0..<64 {
            let (a, e) = (word[0], word[4])
            let choice = (e & word[5]) ^ (~e & word[6])
            let first =
                word[7] &+ (Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)) &+ choice
                &+ Self.cubeRoots[index] &+ schedule[index]
            let majority = (a & word[1]) ^ (a & word[2]) ^ (word[1] & word[2])
            let second = (Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)) &+ majority
            word = [first &+ second, a, word[1], word[2], word[3] &+ first, e, word[5], word[6]]
        }
        for index in 0..<8 { state[index] &+= word[index] }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static let primes: [UInt64] = (2..<312).filter { number in !(2..<number).contains { number.isMultiple(of: $0) } }

    /// The first 32 bits behind the point of the square roots of the first 8 primes.
    private static let squareRoots = Self.primes.prefix(8).map { prime in
        Self.fraction { $0.multipliedFullWidth(by: $0) <= (prime, 0) }
    }

    /// The first 32 bits behind the point of the cube roots of the first 64 primes.
    private static let cubeRoots = Self.primes.map { prime in
        Self.fraction { root in
            // root has 32 bits behind the point and less than 4 before it: its cube has 96 behind the point, and fits in 128.
            UInt128(root) * UInt128(root) * UInt128(root) <= UInt128(prime) << 96
        }
    }

    /// The low half of the largest number, 32 bits of it behind the point, that is not above the root.
    private static func fraction(_ isAtMostRoot: (UInt64) -> Bool) -> UInt32 {
        var root: UInt64 = 0
        for bit in (0..<37).reversed() where isAtMostRoot(root | 1 << UInt64(bit)) { root |= 1 << UInt64(bit) }
        return UInt32(truncatingIfNeeded: root)
    }
}
