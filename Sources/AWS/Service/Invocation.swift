/// What names a call and its attempts to the service: `amz-sdk-invocation-id`, the same for all attempts of a call, and `amz-sdk-request`, which says
/// how many there were, how many there may be, and until when an answer is waited for. Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
struct Invocation: Sendable {
    /// A UUID of version 4 (RFC 9562, section 5.4).
    let id: [UInt8]
    private let maxAttempts: Int

    /// A call; the two numbers are random.
    init(random: (UInt64, UInt64), maxAttempts: Int) {
        let digits = Array("0123456789abcdef".utf8)
        let high = random.0 & ~0xf000 | 0x4000
        let low = random.1 & ~(3 << 62) | 2 << 62
        var id: [UInt8] = []
        id.reserveCapacity(36)
        for position in 0..<32 {
            if [8, 12, 16, 20].contains(position) { id.append(UInt8(ascii: "-")) }
            let word = position < 16 ? high : low
            id.append(digits[Int(word >> UInt64(60 - position % 16 * 4) & 15)])
        }
        self.id = id
        self.maxAttempts = maxAttempts
    }

    /// The value of `amz-sdk-request` for an attempt whose answer is waited for until `ttl`.
    func request(attempt: Int, ttl: SigningDate) -> [UInt8] {
        var text = Array("ttl=".utf8)
        text.append(contentsOf: ttl.text)
        text.append(contentsOf: "; attempt=\(attempt); max=\(self.maxAttempts)".utf8)
        return text
    }
}
