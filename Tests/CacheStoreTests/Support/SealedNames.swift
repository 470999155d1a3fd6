import CacheStore
import Sealing
import SessionStore

extension SealKeys {
    /// A key of 32 equal bytes, which is good enough for a test.
    static func test(_ id: String = "k1", filledWith byte: UInt8 = 1) -> SealKeys { .test([(id, byte)]) }

    /// Several such keys; the first one seals.
    static func test(_ keys: [(id: String, byte: UInt8)]) -> SealKeys {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let lines = keys.map { id, byte in
            // 32 equal bytes: ten groups of three, and two bytes more.
            let bits = [Int(byte >> 2), Int(byte & 3) << 4 | Int(byte >> 4), Int(byte & 15) << 2 | Int(byte >> 6), Int(byte & 63)]
            let group = String(bits.map { digits[$0] })
            return "\(id):" + String(repeating: group, count: 10) + String([digits[bits[0]], digits[bits[1]], digits[Int(byte & 15) << 2]])
                + "="
        }
        do {
            return try SealKeys(lines.joined(separator: ","))
        } catch {
            preconditionFailure("a test uses keys that are none")
        }
    }
}

extension EntrySealer {
    /// A sealer of the tests' table.
    static func test(_ keys: SealKeys = .test(), region: String = "eu-central-1", table: String = CacheUnderTest.table) throws
        -> EntrySealer
    {
        try EntrySealer(keys, region: region, table: table)
    }
}
