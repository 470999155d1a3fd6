import Glibc

/// Which addresses a client does not connect to. It looks at the address that a name led to, when the connection is opened: what a name leads to may
/// change between two looks.
package struct AddressRule: Hashable, Sendable {
    private struct Range: Hashable {
        var bytes: [UInt8]
        var bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            address.count == self.bytes.count
                && (0..<self.bits).allSatisfy { (address[$0 / 8] ^ self.bytes[$0 / 8]) & (0x80 >> UInt8($0 % 8)) == 0 }
        }
    }

    private var refused: [Range]
    private var allowed: [Range] = []

    /// Refuses this machine's own addresses and those of its link, where metadata services and Lambda's runtime API answer; and `others`, numeric addresses.
    ///
    /// `host` is the configured one: where it is such an address itself, in numbers or as `localhost`, that is what its operator wants. A name that merely leads to one is not.
    package static func outside(of others: [String] = [], unless host: String) -> AddressRule {
        var rule = AddressRule(refused: Self.local + others.compactMap { Self.bytes($0).map { Range(bytes: $0, bits: $0.count * 8) } })
        if host.lowercased() == "localhost" {
            rule.allowed = [Range(bytes: [127, 0, 0, 0], bits: 8), Range(bytes: Self.zeros(15) + [1], bits: 128)]
        } else if let bytes = Self.bytes(host) {
            rule.allowed = [Range(bytes: bytes, bits: bytes.count * 8)]
        }
        return rule
    }

    /// Whether to connect to an address: 4 bytes of IPv4, or 16 of IPv6.
    package func allows(_ address: [UInt8]) -> Bool {
        if self.allowed.contains(where: { $0.contains(address) }) { return true }
        guard address.count == 4 || address.count == 16 else { return false }
        return !Self.meanings(of: address).contains { meaning in self.refused.contains { $0.contains(meaning) } }
    }

    /// The address, and the IPv4 address that an IPv6 one stands for.
    private static func meanings(of address: [UInt8]) -> [[UInt8]] {
        guard address.count == 16 else { return [address] }
        // ::ffff:0:0/96 and ::/96 (RFC 4291, section 2.5.5), 64:ff9b::/96 (RFC 6052), 2002::/16 (RFC 3056).
        let last = Array(address[12...])
        if address.prefix(10).allSatisfy({ $0 == 0 }), address[10...11] == [0xff, 0xff] || address[10...11] == [0, 0] {
            return [address, last]
        }
        if address.prefix(12) == [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0] { return [address, last] }
        if address.prefix(2) == [0x20, 0x02] { return [address, Array(address[2..<6])] }
        return [address]
    }

    /// This host and this network (RFC 1122), loopback, link-local; of IPv6 also the metadata services of EC2 (fd00:ec2::/32) and multicast.
    private static let local: [Range] = [
        Range(bytes: [0, 0, 0, 0], bits: 8), Range(bytes: [127, 0, 0, 0], bits: 8), Range(bytes: [169, 254, 0, 0], bits: 16),
        Range(bytes: [224, 0, 0, 0], bits: 3),
        Range(bytes: Self.zeros(16), bits: 128), Range(bytes: Self.zeros(15) + [1], bits: 128),
        Range(bytes: [0xfe, 0x80] + Self.zeros(14), bits: 10),
        Range(bytes: [0xfd, 0x00, 0x0e, 0xc2] + Self.zeros(12), bits: 32),
        Range(bytes: [0xff] + Self.zeros(15), bits: 8),
    ]

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    /// The bytes of a numeric address, with or without brackets; nil for anything else.
    private static func bytes(_ text: String) -> [UInt8]? {
        let text = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
