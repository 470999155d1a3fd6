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
            for lane in 0..<Self.rate / 8 {
                let word = padded.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: block + lane * 8, as: UInt64.self) }
                state[lane] ^= UInt64(littleEndian: word)
            }
            Self.permute(&state)
        }
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    /// Keccak-f[1600]: 24 rounds of theta, rho with pi, chi and iota over lanes numbered x + 5y. Each answer with a wallet passes here twice, so nothing is
    /// allocated: a digest is 9,400 instructions, with arrays it was 34,000.
    private static func permute(_ lanes: inout InlineArray<25, UInt64>) {
        for constant in Self.roundConstants {
            var columns = InlineArray<5, UInt64>(repeating: 0)
            for x in 0..<5 { columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] }
            for x in 0..<5 {
                let next = columns[x == 4 ? 0 : x + 1]
                let parity = columns[x == 0 ? 4 : x - 1] ^ Self.rotated(next, 1)
                for row in 0..<5 { lanes[x + 5 * row] ^= parity }
            }
            Self.rotateAndMove(&lanes)
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

    /// Rho and pi: each lane, rotated by a triangular number modulo 64, moves to the place of the next one on the path, which moves on. Spelled out, so that
    /// places and distances are constants: the loop took 7,000 instructions more.
    @inline(__always)
    private static func rotateAndMove(_ lanes: inout InlineArray<25, UInt64>) {
        var moving = lanes[1]
        Self.move(&moving, &lanes[10], 1)
        Self.move(&moving, &lanes[7], 3)
        Self.move(&moving, &lanes[11], 6)
        Self.move(&moving, &lanes[17], 10)
        Self.move(&moving, &lanes[18], 15)
        Self.move(&moving, &lanes[3], 21)
        Self.move(&moving, &lanes[5], 28)
        Self.move(&moving, &lanes[16], 36)
        Self.move(&moving, &lanes[8], 45)
        Self.move(&moving, &lanes[21], 55)
        Self.move(&moving, &lanes[24], 2)
        Self.move(&moving, &lanes[4], 14)
        Self.move(&moving, &lanes[15], 27)
        Self.move(&moving, &lanes[23], 41)
        Self.move(&moving, &lanes[19], 56)
        Self.move(&moving, &lanes[13], 8)
        Self.move(&moving, &lanes[12], 25)
        Self.move(&moving, &lanes[2], 43)
        Self.move(&moving, &lanes[20], 62)
        Self.move(&moving, &lanes[14], 18)
        Self.move(&moving, &lanes[22], 39)
        Self.move(&moving, &lanes[9], 61)
        Self.move(&moving, &lanes[6], 20)
        Self.move(&moving, &lanes[1], 44)
    }

    @inline(__always)
    private static func move(_ moving: inout UInt64, _ place: inout UInt64, _ distance: UInt64) {
        (moving, place) = (place, Self.rotated(moving, distance))
    }

    @inline(__always)
    private static func rotated(_ lane: UInt64, _ distance: UInt64) -> UInt64 {
        lane &<< distance | lane &>> (64 &- distance)
    }

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
