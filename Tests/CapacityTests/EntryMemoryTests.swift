import CacheStore
import EventLoop
import Logging
import Redis
import SessionStore
import TestSupport
import Testing

@testable import Capacity

@Suite("What an entry takes in Redis", .timeLimit(.minutes(1)))
struct EntryMemoryTests {
    /// Redis 7.0.15 with jemalloc 5.3, keys of 59 bytes that end: the value's bytes, `MEMORY USAGE`, `used_memory` divided by the number of keys.
    private static let measured: [(value: Double, usage: Double, used: Double)] = [
        (60, 168, 229.4), (122, 232, 293.1), (200, 328, 389.1), (300, 424, 485.2), (400, 552, 608.0), (500, 616, 677.0),
        (800, 1000, 1061.0),
        (1000, 1128, 1185.5), (2000, 2152, 2218.2), (4000, 4200, 4266.2), (16_000, 16_488, 16_554.2), (60_000, 65_640, 65_696.4),
    ]

    @Test(
        "what MEMORY USAGE said is reproduced to the byte, what used_memory grew by is never more than reckoned, and 16 bytes less at most")
    func numbers() {
        for (value, usage, used) in Self.measured {
            let entry = EntryMemory(keyBytes: 59, valueBytes: value)
            #expect(entry.reported == usage, "\(value)")
            #expect((0...16.1).contains(entry.bytes - used), "\(value): \(entry.bytes) for \(used)")
        }
    }

    @Test("pieces are rounded up as jemalloc does")
    func pieces() {
        let sizes: [(Double, Double)] = [
            (1, 16), (16, 16), (17, 32), (128, 128), (129, 160), (160, 160), (161, 192), (225, 256), (257, 320), (449, 512), (513, 640),
            (1025, 1280), (16_385, 20_480),
        ]
        for (bytes, size) in sizes { #expect(EntryMemory.roundedUp(bytes) == size, "\(bytes)") }
    }

    @Test(
        "a real cache's entries have the size that is reckoned with, sealed and open, and Redis says what is expected of them",
        .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
        arguments: [(120, 2), (20, 1), (900, 3), (4000, 40), (20_000, 200)])
    func entries(bytes: Int, fields: Int) async throws {
        let server = try RedisServer()
        let loop = try UVLoop()
        var redis = RedisConfiguration(port: server.port)
        (redis.commandTimeout, redis.connectTimeout) = (.seconds(20), .seconds(20))
        let client = RedisClient(loop: loop, configuration: redis, logger: Logger(label: "test"))
        for isSealed in [false, true] {
            var configuration = CacheConfiguration(table: "NFTBedrockSessions")
            if isSealed { configuration.seal = try SealKeys("2026-11-30:" + String(repeating: "A", count: 42) + "E=") }
            let clock = SystemClock()
            let store = try CacheStore(
                base: MemoryStore(clock: clock), redis: client, configuration: configuration, clock: clock, logger: Logger(label: "test"))
            let id = try SessionID("0e8c2f0e-7f55-4b7e-9d1d-6f1f3c1a2b3c")
            let user = try UserID("5d2cf3a0-1111-4222-8333-944455556666")
            try await store.update(.session(id), set: Self.data(bytes, fields), as: .user(user))
            var input = CapacityInput()
            (input.sessionBytes, input.fields, input.isSealed) = (Double(bytes), Double(fields), isSealed)
            let expected = EntryMemory(input, nameBytes: 36, ownerBytes: 36)
            let key = Array("bs1:NFTBedrockSessions:\(id.rawValue)".utf8)
            #expect(Double(key.count) == expected.keyBytes)
            #expect(try await client.send([Array("STRLEN".utf8), key]) == .integer(Int64(expected.valueBytes)))
            var usage: Int64 = 0
            if case .integer(let bytes) = try await client.send([Array("MEMORY".utf8), Array("USAGE".utf8), key]) { usage = bytes }
            // Other versions keep keys in other ways.
            #expect(abs(Double(usage) - expected.reported) <= max(expected.reported * 0.15, 48), "\(usage) for \(expected.reported)")
            try await store.delete(.session(id), as: .user(user))
            await store.shutdown()
        }
        await client.close()
        await loop.shutdown()
    }

    /// Fields whose names and values have so many bytes together.
    private static func data(_ bytes: Int, _ fields: Int) -> SessionData {
        var data: SessionData = [:]
        for number in 0..<fields {
            let name = "f\(100 + number)"
            let share = bytes / fields + (number < bytes % fields ? 1 : 0)
            data[name] = .string(String(repeating: "x", count: share - name.utf8.count))
        }
        return data
    }
}
