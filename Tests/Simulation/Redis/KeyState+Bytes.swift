internal import CacheStore

extension KeyState {
    static func number(_ text: some Collection<UInt8>) -> Int64 {
        var number: Int64 = 0
        for byte in text {
            guard (48...57).contains(byte) else { return 0 }
            number = number &* 10 &+ Int64(byte - 48)
        }
        return number
    }

    private static func digits(_ number: Int64, _ count: Int) -> [UInt8] {
        let text = String(number)
        return [UInt8](repeating: 48, count: count - text.utf8.count) + Array(text.utf8)
    }

    /// What the scripts take these bytes for.
    static func parse(_ bytes: [UInt8]) -> Value {
        let version = bytes.count >= 20 ? bytes[1..<20] : []
        let hasVersion = !version.isEmpty && version.allSatisfy { (48...57).contains($0) }
        switch bytes.first {
        case UInt8(ascii: "L"), UInt8(ascii: "T"), UInt8(ascii: "A"):
            return hasVersion ? .entry(version: self.number(version), bytes: bytes) : .bad(bytes)
        case UInt8(ascii: "R"):
            return Token(bytes.dropFirst()).map { .lease($0, bytes: bytes) } ?? .bad(bytes)
        case UInt8(ascii: "W"):
            return self.intent(bytes, hasVersion: hasVersion).map { .intent($0) } ?? .bad(bytes)
        default:
            return .bad(bytes)
        }
    }

    private static func intent(_ bytes: [UInt8], hasVersion: Bool) -> Intent? {
        guard hasVersion, bytes.count >= 52, (bytes.count - 21).isMultiple(of: 31), bytes[20] == 48 || bytes[20] == 49 else { return nil }
        var writers: [Writer] = []
        for start in stride(from: 21, to: bytes.count, by: 31) {
            let deadline = bytes[start + 16..<start + 31]
            guard deadline.allSatisfy({ (48...57).contains($0) }) else { return nil }
            writers.append(Writer(token: Array(bytes[start..<start + 16]), deadline: self.number(deadline)))
        }
        return Intent(highest: self.number(bytes[1..<20]), isMarked: bytes[20] == 49, writers: writers)
    }

    /// The bytes of an intent.
    package static func bytes(of intent: Intent) -> [UInt8] {
        Array("W".utf8) + self.digits(intent.highest, 19) + [intent.isMarked ? 49 : 48]
            + intent.writers.flatMap { $0.token + self.digits($0.deadline, 15) }
    }
}
