/// One of the 16,384 slots that the keys of a cluster are spread over.
///
/// Rules and vectors: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ ("Key distribution model", "Hash tags", appendix A).
struct HashSlot: Hashable {
    static let count = 16_384

    let number: UInt16

    /// The slot of this number, if it is one.
    init?(_ number: Int) {
        guard (0..<Self.count).contains(number) else { return nil }
        self.number = UInt16(truncatingIfNeeded: number)
    }

    /// The slot of a key: the CRC16 of its hash tag, or of all of it where it has none.
    init(of key: [UInt8]) {
        var checksum: UInt16 = 0
        for byte in Self.hashedPart(of: key) {
            checksum = checksum << 8 ^ Self.table[Int(checksum >> 8 ^ UInt16(byte))]
        }
        self.number = checksum & 0x3FFF
    }

    /// What lies between the first `{` and the first `}` after it, if that is anything.
    private static func hashedPart(of key: [UInt8]) -> ArraySlice<UInt8> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let rest = key[(open + 1)...]
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex else { return key[...] }
        return rest[..<close]
    }

    /// CRC-16/XMODEM: polynomial 0x1021, nothing reflected, nothing added.
    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { rest, _ in rest & 0x8000 == 0 ? rest << 1 : rest << 1 ^ 0x1021 }
    }
}
