/// Little-endian numbers out of a file. What lies outside of it is an error, whatever the file says.
struct ByteReader {
    struct OutOfBounds: Error {}

    let bytes: [UInt8]

    func integer<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type, at offset: UInt64) throws(OutOfBounds) -> Number {
        let size = UInt64(MemoryLayout<Number>.size)
        guard offset <= UInt64(self.bytes.count), UInt64(self.bytes.count) - offset >= size else { throw OutOfBounds() }
        var number: Number = 0
        for index in 0..<Int(size) { number |= Number(self.bytes[Int(offset) + index]) << Number(8 * index) }
        return number
    }

    /// The text up to a NUL.
    func text(at offset: UInt64) throws(OutOfBounds) -> String {
        guard offset < UInt64(self.bytes.count) else { throw OutOfBounds() }
        let rest = self.bytes[Int(offset)...]
        guard let end = rest.firstIndex(of: 0) else { throw OutOfBounds() }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
