import HTTP

extension HTTPAnswer {
    /// Whether the body is the one that the service sent: `x-amz-crc32` has its CRC-32 in decimal (Amazon DynamoDB Developer Guide, "DynamoDB low-level
    /// API", response format). True where the field is missing: other servers and balancers do not send it.
    var hasIntactBody: Bool {
        guard let text = self.headers.bytes(of: "x-amz-crc32") else { return true }
        var announced: UInt64 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), announced <= UInt64(UInt32.max) else { return false }
            announced = announced * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        return !text.isEmpty && announced == UInt64(CRC32.checksum(self.body))
    }
}

extension AWSError {
    /// An answer whose bytes are not those that were sent. Whatever its status says, what became of the request is not known.
    static func damaged(_ answer: HTTPAnswer, attempts: Int) -> AWSError {
        AWSError(
            .lostAnswer, "The answer was damaged on its way: its body does not have the checksum x-amz-crc32.", code: Self.damagedCode,
            status: answer.status, requestID: answer.headers["x-amzn-requestid"], attempts: attempts, outcome: .unknown)
    }

    /// The code of an answer that was damaged on its way.
    package static let damagedCode = "checksumMismatch"
}
