/// A line of text in the making, of which no part can begin another one.
struct PlainLine {
    private var bytes: [UInt8] = []

    init() {
        self.bytes.reserveCapacity(256)
    }

    /// The line with its end.
    var ended: [UInt8] { self.bytes + [0x0A] }

    mutating func append(_ texts: String...) {
        for text in texts {
            var text = text
            text.withUTF8 { bytes in
                // Most texts can be copied as one.
                if bytes.contains(where: Self.isControl) { bytes.forEach { self.append($0) } } else { self.bytes.append(contentsOf: bytes) }
            }
        }
    }

    /// Control characters, which could begin another line or steer a terminal, as two letters or four.
    private mutating func append(_ byte: UInt8) {
        switch byte {
        case 0x0A: self.bytes += Array(#"\n"#.utf8)
        case 0x0D: self.bytes += Array(#"\r"#.utf8)
        case 0x09: self.bytes += Array(#"\t"#.utf8)
        case _ where Self.isControl(byte):
            self.bytes += Array((byte < 16 ? #"\x0"# : #"\x"#).utf8) + Array(String(byte, radix: 16).utf8)
        default: self.bytes.append(byte)
        }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F
    }
}
