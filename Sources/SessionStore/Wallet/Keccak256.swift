/// Keccak-256 as Ethereum uses it: the sponge of the Keccak submission with its original padding (0x01), before NIST changed that byte for SHA3-256.
///
/// Source: The Keccak reference, version 3.0 (https://keccak.team/files/Keccak-reference-3.0.pdf), with rate 1088 and capacity 512.
package enum Keccak256 {
    private static let rate = 136

    /// The 32 bytes of the digest.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var padded = message
        padded.append(0x01)
        padded.append(contentsOf: repeatElement(0, count: (Self.rate - padded.count % Self.rate) % Self.rate))
        padded[padded.count - 1] |= 0x80

        var state = InlineArray<25, UInt64>(repeating: 0)
        for block in stride(from: 0, to: padded.count, by: Self.rate) {
            for index in 0..<Self.rate {
                state[index / 8] ^= UInt64(padded[block + index]) << UInt64(index % 8 * 8)
            }
            Self.permute(&state)
        }
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    /// Keccak-f[1600]: 24 rounds of theta, rho with pi, chi and iota over lanes numbered x + 5y. Each answer with a wallet passes here twice, so nothing is
    /// allocated: a digest is 15,000 instructions, with arrays it was 34,000.
    private static func permute(_ lanes: inout InlineArray<25, UInt64>) {
        for constant in Self.roundConstants {
            var columns = InlineArray<5, UInt64>(repeating: 0)
            for x in 0..<5 { columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] }
            for x in 0..<5 {
                let next = columns[x == 4 ? 0 : x + 1]
                let parity = columns[x == 0 ? 4 : x - 1] ^ (next &<< 1 | next &>> 63)
                for row in 0..<5 { lanes[x + 5 * row] ^= parity }
            }
            // Each lane moves to the place of the next one on the path, which moves on.
            var moving = lanes[1]
            for step in 0..<24 {
                let place = Int(Self.path[step])
                let rotation = UInt64(Self.rotations[step])
                let rotated = moving &<< rotation | moving &>> (64 &- rotation)
                moving = lanes[place]
                lanes[place] = rotated
            }
            for row in 0..<5 {
                let start = 5 * row
                let (a, b, c, d, e) = (lanes[start], lanes[start + 1], lanes[start + 2], lanes[start + 3], lanes[start + 4])
                lanes[start] = a ^ (~b & c)
                lanes[start + 1] = b ^ (~c & d)
                lanes[start + 2] = c ^ (~d & e)
                lanes[start + 3] = d ^ (~e & a)
                lanes[start + 4] = e ^ (~a & b)
            }
            lanes[0] ^= constant
        }
    }

    /// The path of pi: (x, y) -> (y, 2x + 3y), from (1, 0) on.
    private static let path: InlineArray<24, UInt8> = [
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
    ]

    /// The offsets of rho along that path: the triangular numbers modulo 64.
    private static let rotations: InlineArray<24, UInt8> = [
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
    ]

    /// The constants of iota: bits 2^j - 1 of each come from a linear feedback register (x^8 + x^6 + x^5 + x^4 + 1).
    private static let roundConstants: [UInt64] = {
        var register: UInt8 = 1
        return (0..<24).map { _ in
            var constant: UInt64 = 0
            for power in 0..<7 {
                if register & 1 == 1 { constant |= 1 << ((1 << UInt64(power)) - 1) }
                let feedback: UInt8 = register & 0x80 == 0 ? 0 : 0x71
                register = (register << 1) ^ feedback
            }
            return constant
        }
    }()
}
