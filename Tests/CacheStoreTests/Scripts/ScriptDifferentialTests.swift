import CacheStore
import Redis
import SessionStore
import TestSupport
import Testing

/// The scripts and `KeyState`, side by side on the same random sequences.
@Suite("scripts and their model", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ScriptDifferentialTests {
    @Test("the scripts do what the pure transition function does", arguments: [1, 2, 3, 4] as [UInt64])
    func differential(seed: UInt64) async throws {
        try await RedisUnderTest.run { redis in
            var generator = SeededGenerator(seed: seed)
            let key = bytes("key")
            var model = KeyState()
            for step in 0..<1500 {
                let now = try await redis.now()
                if Int.random(in: 0..<5, using: &generator) == 0 {
                    let value = Self.value(now: now, &generator)
                    try await redis.put(key, value)
                    model = KeyState(bytes: value, end: value.map { _ in now + 3_600_000 })
                }
                let script = CacheScript.allCases.randomElement(using: &generator) ?? .lease
                let arguments = Self.arguments(script, model.bytes, now: now, &generator)
                let reply = try await redis.commands.run(script, key: key, arguments: arguments).reply
                let expected = model.run(script, arguments, now: now)
                #expect(reply == expected, "seed \(seed), step \(step): \(script) replies")
                let actual = try await redis.get(key)
                #expect(Self.isSame(KeyState(bytes: actual), model), "seed \(seed), step \(step): \(script) leaves")
                let left = try await redis.timeLeft(key)
                let endsRight = model.end.map { abs($0 - now - left) < 20_000 } ?? (left == -2)
                #expect(endsRight, "seed \(seed), step \(step): \(script) ends at the right time")
                // New deadlines come from the server's clock: the model goes on with the server's.
                model.value = KeyState(bytes: actual).value
            }
        }
    }

    private static let tokens = [Cell.mine, Cell.theirs, Cell.third]
    private static let versions: [Int64] = [1, 2, 9_999_999_999, 10_000_000_000, 1 << 53, (1 << 53) + 1, .max - 1, .max]

    private static func isSame(_ left: KeyState, _ right: KeyState) -> Bool {
        guard case .intent(var one) = left.value, case .intent(var other) = right.value else { return left.value == right.value }
        guard zip(one.writers, other.writers).allSatisfy({ abs($0.deadline - $1.deadline) < 20_000 }) else { return false }
        for index in one.writers.indices { one.writers[index].deadline = 0 }
        for index in other.writers.indices { other.writers[index].deadline = 0 }
        return one == other
    }

    private static func version(_ generator: inout SeededGenerator) -> [UInt8] {
        Cell.version(self.versions.randomElement(using: &generator) ?? 1)
    }

    private static func token(_ generator: inout SeededGenerator) -> [UInt8] {
        self.tokens.randomElement(using: &generator) ?? Cell.mine
    }

    private static func entry(_ generator: inout SeededGenerator) -> [UInt8] {
        let state = ["L", "T", "A"].randomElement(using: &generator) ?? "L"
        return bytes(state) + (state == "A" ? Cell.version(0) : self.version(&generator)) + [UInt8.random(in: 0...255, using: &generator)]
    }

    private static func value(now: Int64, _ generator: inout SeededGenerator) -> [UInt8]? {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return nil
        case 1: return bytes("R") + self.token(&generator)
        case 2: return Cell.bad
        case 3: return Array(Cell.intent([(Cell.mine, now)], highest: 1).dropLast())
        case 4, 5:
            let writers = self.tokens.filter { _ in Bool.random(using: &generator) }.map { token in
                (token, Bool.random(using: &generator) ? now + 3_600_000 : now - 3_600_000)
            }
            let highest = self.versions.randomElement(using: &generator) ?? 1
            return writers.isEmpty ? nil : Cell.intent(writers, highest: highest, marked: Int.random(in: 0..<4, using: &generator) == 0)
        default: return self.entry(&generator)
        }
    }

    private static func arguments(
        _ script: CacheScript, _ value: [UInt8]?, now: Int64, _ generator: inout SeededGenerator
    ) -> [[UInt8]] {
        let entry = Int.random(in: 0..<6, using: &generator) == 0 ? [] : self.entry(&generator)
        let end = Bool.random(using: &generator) ? [bytes("PX"), bytes("60000")] : [bytes("PXAT"), bytes("\(now + 90_000)")]
        let seen = Bool.random(using: &generator) ? value ?? [] : self.entry(&generator)
        return switch script {
        case .lease: [self.token(&generator), bytes("30000")] + (Bool.random(using: &generator) ? [seen] : [])
        case .fill: [self.token(&generator), entry] + end
        case .intent: [self.token(&generator), bytes("150000")]
        case .publish: [self.token(&generator), self.version(&generator), entry] + end
        case .withdraw: [self.token(&generator)]
        case .refresh: [seen, entry] + end
        case .replay: [self.version(&generator)]
        }
    }
}
