/// 128 random bits that name one lease, one intent or one flight: who holds it, and nobody else, may end it.
package struct Token: Hashable, Sendable {
    /// How many bytes a token has on the wire.
    package static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    /// The token of these 128 bits.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A fresh one from the generator that is given; `SystemRandomNumberGenerator` outside simulations.
    package static func random(using generator: inout some RandomNumberGenerator) -> Token {
        Token(high: generator.next(), low: generator.next())
    }

    /// Reads the 16 bytes that `bytes` wrote; nil for any other number of them.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Some of the bits: chance for those who have a token already.
    var bits: UInt64 { self.low }

    /// A number in 0..<1 made of some of the bits: chance for those who have a token already.
    var fraction: Double { Double(self.low >> 11) / Double(1 << 53) }

    /// The 16 bytes on the wire, most significant first.
    package var bytes: [UInt8] {
        [self.high, self.low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }
}

/// Where tokens come from: the operating system, or the seed of a simulation.
package typealias TokenGenerator = @Sendable () -> Token

extension Token {
    /// Tokens from the operating system's generator.
    package static let system: TokenGenerator = {
        var generator = SystemRandomNumberGenerator()
        return Token.random(using: &generator)
    }
}
