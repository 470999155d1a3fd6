/// Lower-case hexadecimal, as SigV4 spells digests.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two digits a byte, appended.
    package static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(Self.digits[Int(byte >> 4)])
            text.append(Self.digits[Int(byte & 15)])
        }
    }

    /// Two digits a byte.
    package static func string(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        self.append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
