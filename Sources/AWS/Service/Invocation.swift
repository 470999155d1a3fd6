/// What names a call and its attempts to the service: `amz-sdk-invocation-id`, the same for all attempts of a call, and `amz-sdk-request`, which says
/// how many there were, how many there may be, and until when an answer is waited for. Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
struct Invocation: Sendable {
    static let idName = "amz-sdk-invocation-id"
    static let attemptName = "amz-sdk-request"

    /// The two halves of the id.
    private let high: UInt64
    private let low: UInt64
    /// How many attempts there may be.
    let maxAttempts: Int

    /// A call; the two numbers are random.
    init(random: (UInt64, UInt64), maxAttempts: Int) {
        self.high = random.0 & ~0xf000 | 0x4000
        self.low = random.1 & ~(3 << 62) | 2 << 62
        self.maxAttempts = maxAttempts
    }

    /// A UUID of version 4 (RFC 9562, section 5.4).
    var id: [UInt8] {
        var id = [UInt8](repeating: UInt8(ascii: "-"), count: 36)
        self.write(over: &id, at: 0)
        return id
    }

    /// Writes the id's digits over those of another: eight, four, four, four and twelve with a dash between them.
    func write(over text: inout [UInt8], at place: Int) {
        Hex.write(self.high >> 32, digits: 8, over: &text, at: place)
        Hex.write(self.high >> 16, digits: 4, over: &text, at: place + 9)
        Hex.write(self.high, digits: 4, over: &text, at: place + 14)
        Hex.write(self.low >> 48, digits: 4, over: &text, at: place + 19)
        Hex.write(self.low, digits: 12, over: &text, at: place + 24)
    }

    /// The value of `amz-sdk-request` for an attempt whose answer is waited for until `ttl`.
    func request(attempt: Int, ttl: SigningDate) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(48)
        text.append(contentsOf: "ttl=".utf8)
        text.append(contentsOf: ttl.text)
        text.append(contentsOf: "; attempt=".utf8)
        Self.append(attempt, to: &text)
        text.append(contentsOf: "; max=".utf8)
        Self.append(self.maxAttempts, to: &text)
        return text
    }

    private static func append(_ number: Int, to text: inout [UInt8]) {
        if (0..<10).contains(number) {
            text.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            text.append(contentsOf: String(number).utf8)
        }
    }
}

/// Numbers for the names of calls: unlike each other, and unlike those of another process. No secret: SplitMix64 in two lanes, seeded by the system once,
/// because asking the system each time is two system calls a request.
struct InvocationNumbers: Sendable {
    private var state: (UInt64, UInt64)

    init(seed: (UInt64, UInt64)) {
        self.state = seed
    }

    mutating func next() -> (UInt64, UInt64) {
        (Self.step(&self.state.0), Self.step(&self.state.1))
    }

    private static func step(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
