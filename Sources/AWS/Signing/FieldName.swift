/// Names of header fields within the bytes of all fields, compared without regard to case.
enum FieldName {
    /// Fields that hops between here and the service add, drop or change, the signature itself, and those that name a call and count its attempts: they
    /// sort first and differ each time, so that nothing of a canonical form could be kept as hashed. (botocore does not sign them either.)
    private static let unsigned: [[UInt8]] = [
        "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "connection", "expect", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ].map { Array($0.utf8) }

    /// Whether a field is left out of the signature.
    static func isUnsigned(_ bytes: [UInt8], _ name: Range<Int>) -> Bool {
        // Length and first letter tell nearly all signed fields apart.
        switch (name.count, UnicodeScalar(self.lowercased(bytes[name.lowerBound]))) {
        case (13, "a"), (15, "a"), (21, "a"), (10, "c"), (6, "e"), (10, "k"), (18, "p"), (19, "p"), (2, "t"), (7, "t"), (17, "t"), (7, "u"),
            (10, "u"), (15, "x"):
            return self.unsigned.contains { self.equals(bytes, name, $0) }
        default:
            return false
        }
    }

    /// Negative, zero or positive, as the first name comes before, with or after the second.
    static func compare(_ bytes: [UInt8], _ first: Range<Int>, _ second: Range<Int>) -> Int {
        var index = 0
        while index < first.count, index < second.count {
            let difference =
                Int(self.lowercased(bytes[first.lowerBound + index])) - Int(self.lowercased(bytes[second.lowerBound + index]))
            if difference != 0 { return difference }
            index += 1
        }
        return first.count - second.count
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }

    private static func equals(_ bytes: [UInt8], _ name: Range<Int>, _ other: [UInt8]) -> Bool {
        guard name.count == other.count else { return false }
        for index in other.indices where self.lowercased(bytes[name.lowerBound + index]) != other[index] { return false }
        return true
    }
}
