import CacheStore
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite(
    "seal keys of a fleet", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct KeyRotationTests {
    private static let old = ("2025", 1 as UInt8), new = ("2026", 2 as UInt8)

    /// Another process over the same Redis and table, with these keys.
    private static func process(_ cache: CacheUnderTest, _ keys: [(String, UInt8)]?) throws -> CacheStore<WatchedStore> {
        var configuration = cache.store.configuration
        configuration.seal = keys.map { SealKeys.test($0.map { (id: $0.0, byte: $0.1) }) }
        return try cache.peer(configuration)
    }

    @Test("keys change without a flush: each process of each step opens what the others of its step and the one before sealed")
    func rotation() async throws {
        try await CacheUnderTest.run { cache in
            let steps: [[(String, UInt8)]] = [[Self.old], [Self.old, Self.new], [Self.new, Self.old], [Self.new]]
            let processes = try steps.map { try Self.process(cache, $0) }
            // While a step is rolled out, processes of two steps work side by side.
            for (step, next) in [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)] {
                try await processes[step].replace(cache.key, with: ["step": .number("\(step)")])
                if (step, next) == (2, 3) { cache.clock.advance(by: .seconds(1)) }
                let session = try #require(try await processes[next].session(cache.key))
                #expect(session.data == ["step": .number("\(step)")])
                if case .table = session.origin { Issue.record("step \(step) to \(next) was answered from the table") }
            }
            #expect(cache.base.reads == 0)

            // An entry of the old key opens until it ends; once the key is gone it is a miss.
            try await processes[0].replace(cache.key, with: ["a": 1])
            cache.clock.advance(by: .seconds(50))
            #expect(try await processes[2].session(cache.key)?.origin == .cache(age: .seconds(50)))
            #expect(try await processes[3].session(cache.key)?.origin == .table)
            #expect(try await processes[3].session(cache.key)?.origin == .cache(age: .zero), "and sealed anew")
        }
    }

    @Test("processes with and without keys take each other's entries for misses, never for answers")
    func mixed() async throws {
        try await CacheUnderTest.run { cache in
            let sealed = try Self.process(cache, [Self.old]), open = try Self.process(cache, nil)
            for (writer, reader) in [(sealed, open), (open, sealed)] {
                try await writer.replace(cache.key, with: ["a": 1])
                #expect(try await reader.session(cache.key)?.origin == .table)
                #expect(try await reader.session(cache.key)?.origin == .cache(age: .zero))
                try await writer.delete(cache.key)
                #expect(try await reader.session(cache.key) == nil)
                #expect(try await writer.session(cache.key) == nil)
            }
            #expect(cache.base.reads == 6)
        }
    }
}
