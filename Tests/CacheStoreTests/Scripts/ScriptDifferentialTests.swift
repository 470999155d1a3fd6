import CacheStore
import Redis
import SessionStore
import Simulation
import TestSupport
import Testing

/// The scripts on a real server and `KeyState`, which is what the simulation executes, side by side on the same random sequences.
@Suite("scripts and their model", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ScriptDifferentialTests {
    @Test("the scripts do what the pure transition function does", arguments: [1, 2, 3, 4] as [UInt64])
    func differential(seed: UInt64) async throws {
        try await RedisUnderTest.run { redis in
            var run = Run(seed: seed, redis: redis)
            for _ in 0..<1500 { try await run.step() }
            // What the sequence is for happened in it.
            #expect(run.happened.isSuperset(of: Happening.allCases), "seed \(seed): \(run.happened)")
        }
    }

    enum Happening: CaseIterable {
        case foreign, fullMemory, end, pruning, mark
    }

    /// One sequence on one key.
    struct Run {
        let seed: UInt64
        let redis: RedisUnderTest
        let key = bytes("key")
        var generator: SeededGenerator
        var model = KeyState()
        var hasMemory = true
        var number = 0
        var happened: Set<Happening> = []

        init(seed: UInt64, redis: RedisUnderTest) {
            self.seed = seed
            self.redis = redis
            self.generator = SeededGenerator(seed: seed)
        }
    }
}

extension ScriptDifferentialTests.Run {
    private typealias Tests = ScriptDifferentialTests

    /// Perhaps another value, then a script, then a look at what it left.
    mutating func step() async throws {
        self.number += 1
        var now = try await self.redis.now()
        if Int.random(in: 0..<5, using: &self.generator) == 0 { try await self.put(now) }
        if Int.random(in: 0..<20, using: &self.generator) == 0 { try await self.setMemory(!self.hasMemory) }
        let script = CacheScript.allCases.randomElement(using: &self.generator) ?? .lease
        let time: Int64 = Int.random(in: 0..<8, using: &self.generator) == 0 ? 5 : 60_000
        let arguments = Tests.arguments(script, self.model.bytes, now: now, time: time, &self.generator)
        self.noteBefore(now)
        let reply = try await self.redis.commands.run(script, key: self.key, arguments: arguments).reply
        let expected = self.model.run(script, arguments, KeyState.Server(now: now, hasMemory: self.hasMemory))
        #expect(reply == expected, "seed \(self.seed), step \(self.number): \(script) replies")
        if let end = self.model.end, end - now < 1000 {
            // Whatever has a few milliseconds left is gone soon, for the server's own clock as for the model's.
            let latest = max(end, try await self.redis.now() + time)
            while now <= latest + 1 { now = try await self.redis.now() }
            self.model.expire(now: now)
            self.happened.insert(.end)
        }
        try await self.look(after: script, now)
    }

    private mutating func look(after script: CacheScript, _ now: Int64) async throws {
        if self.model.value == .foreign {
            #expect(try await self.redis.send("TYPE", "key") == .status("list"), "seed \(self.seed), step \(self.number)")
            return
        }
        let actual = try await self.redis.get(self.key)
        #expect(Tests.isSame(KeyState(bytes: actual), self.model), "seed \(self.seed), step \(self.number): \(script) leaves")
        let left = try await self.redis.timeLeft(self.key)
        let endsRight = self.model.end.map { abs($0 - now - left) < 20_000 } ?? (left == -2)
        #expect(endsRight, "seed \(self.seed), step \(self.number): \(script) ends at the right time")
        // New deadlines come from the server's clock: the model goes on with the server's.
        self.model.value = KeyState(bytes: actual).value
    }

    private mutating func noteBefore(_ now: Int64) {
        if self.model.value == .foreign { self.happened.insert(.foreign) }
        if !self.hasMemory { self.happened.insert(.fullMemory) }
        guard let intent = self.model.intent else { return }
        if intent.writers.contains(where: { $0.deadline <= now }) { self.happened.insert(.pruning) }
        if intent.isMarked { self.happened.insert(.mark) }
    }

    private mutating func put(_ now: Int64) async throws {
        let hadMemory = self.hasMemory
        try await self.setMemory(true)
        if Int.random(in: 0..<8, using: &self.generator) == 0 {
            try await self.redis.put(self.key, nil)
            try await self.redis.send("RPUSH", "key", "element")
            self.model = KeyState()
            self.model.value = .foreign
        } else {
            let value = Tests.value(now: now, &self.generator)
            try await self.redis.put(self.key, value)
            self.model = KeyState(bytes: value, end: value.map { _ in now + 3_600_000 })
        }
        try await self.setMemory(hadMemory)
    }

    private mutating func setMemory(_ hasMemory: Bool) async throws {
        if self.hasMemory != hasMemory { try await self.redis.send("CONFIG", "SET", "maxmemory", hasMemory ? "0" : "1") }
        self.hasMemory = hasMemory
    }
}

extension ScriptDifferentialTests {
    private static let tokens = [Cell.mine, Cell.theirs, Cell.third]
    private static let versions: [Int64] = [1, 2, 9_999_999_999, 10_000_000_000, 1 << 53, (1 << 53) + 1, .max - 1, .max]

    fileprivate static func isSame(_ left: KeyState, _ right: KeyState) -> Bool {
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

    fileprivate static func value(now: Int64, _ generator: inout SeededGenerator) -> [UInt8]? {
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

    fileprivate static func arguments(
        _ script: CacheScript, _ value: [UInt8]?, now: Int64, time: Int64, _ generator: inout SeededGenerator
    ) -> [[UInt8]] {
        let entry = Int.random(in: 0..<6, using: &generator) == 0 ? [] : self.entry(&generator)
        let end = Bool.random(using: &generator) ? [bytes("PX"), bytes("\(time)")] : [bytes("PXAT"), bytes("\(now + 90_000)")]
        let seen = Bool.random(using: &generator) ? value ?? [] : self.entry(&generator)
        return switch script {
        case .lease: [self.token(&generator), bytes("\(time)")] + (Bool.random(using: &generator) ? [seen] : [])
        case .fill: [self.token(&generator), entry] + end
        case .intent: [self.token(&generator), bytes("\(max(time, 100_000))")]
        case .publish: [self.token(&generator), self.version(&generator), entry] + end
        case .withdraw: [self.token(&generator)]
        case .refresh: [seen, entry] + end
        case .replay: [self.version(&generator)]
        }
    }
}
