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

        var state = [UInt64](repeating: 0, count: 25)
        for block in stride(from: 0, to: padded.count, by: Self.rate) {
            for index in 0..<Self.rate {
                state[index / 8] ^= UInt64(padded[block + index]) << UInt64(index % 8 * 8)
            }
            Self.permute(&state)
        }
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    /// Keccak-f[1600]: 24 rounds of theta, rho with pi, chi and iota over lanes numbered x + 5y.
    private static func permute(_ lanes: inout [UInt64]) {
        for constant in Self.roundConstants {
            var columns = [UInt64](repeating: 0, count: 5)
            for index in 0..<25 { columns[index % 5] ^= lanes[index] }
            for x in 0..<5 {
                let parity = columns[(x + 4) % 5] ^ Self.rotate(columns[(x + 1) % 5], by: 1)
                for y in 0..<5 { lanes[x + 5 * y] ^= parity }
            }
            var moved = lanes
            for x in 0..<5 {
                for y in 0..<5 {
                    moved[y + 5 * ((2 * x + 3 * y) % 5)] = Self.rotate(lanes[x + 5 * y], by: Self.rotations[x + 5 * y])
                }
            }
            for y in 0..<5 {
                for x in 0..<5 {
                    lanes[x + 5 * y] = moved[x + 5 * y] ^ (~moved[(x + 1) % 5 + 5 * y] & moved[(x + 2) % 5 + 5 * y])
                }
            }
            lanes[0] ^= constant
        }
    }

    private static func rotate(_ lane: UInt64, by count: UInt64) -> UInt64 {
        count == 0 ? lane : (lane << count) | (lane >> (64 - count))
    }

    /// The offsets of rho: the triangular numbers modulo 64 along the path (x, y) -> (y, 2x + 3y) from (1, 0).
    private static let rotations: [UInt64] = {
        var offsets = [UInt64](repeating: 0, count: 25)
        var (x, y) = (1, 0)
        for step in 0..<24 {
            offsets[x + 5 * y] = UInt64((step + 1) * (step + 2) / 2 % 64)
            (x, y) = (y, (2 * x + 3 * y) % 5)
        }
        return offsets
    }()

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
