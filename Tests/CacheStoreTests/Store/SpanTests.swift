import CacheStore
import InMemoryTracing
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing
import Tracing

@Suite("spans of a cache", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct SpanTests {
    /// Runs `body` with a cache of a process with a tracer, and what takes the spans that have ended.
    private static func run(
        configure: @escaping (inout CacheConfiguration) -> Void = { _ in },
        _ body: (CacheUnderTest, () -> [FinishedInMemorySpan]) async throws -> Void
    ) async throws {
        let tracer = InMemoryTracer()
        try await withTracer(tracer) { () async throws in
            try await CacheUnderTest.run(configure: configure) { (cache) async throws in
                try await body(cache) { tracer.popFinishedSpans() }
                await cache.store.shutdown()
            }
        }
        #expect(tracer.activeSpans.isEmpty)
    }

    /// All that a span says.
    private static func line(_ span: FinishedInMemorySpan) -> String {
        var fields: [String] = []
        span.attributes.forEach { name, value in fields.append("\(name)=\(value)") }
        return ([span.operationName] + fields.sorted()).joined(separator: " ")
    }

    /// The spans once a load, which ends behind the answer, is among them.
    private static func withLoad(_ cache: CacheUnderTest, _ take: () -> [FinishedInMemorySpan]) async throws -> [FinishedInMemorySpan] {
        var spans: [FinishedInMemorySpan] = []
        try await cache.wait {
            spans += take()
            return spans.contains { $0.operationName == "bedrock_sessions.cache.load" }
        }
        return spans
    }

    @Test("a read that misses has its load within; what it found is an attribute, as is what the next one found")
    func reads() async throws {
        try await Self.run { cache, take in
            try await cache.writeBehind(["a": 1])
            #expect(try await cache.store.session(cache.key) != nil)
            let spans = try await Self.withLoad(cache, take)
            let read = try #require(spans.first { $0.operationName == "bedrock_sessions.cache.read" })
            let load = try #require(spans.first { $0.operationName == "bedrock_sessions.cache.load" })
            #expect(spans.count == 2 && load.parentSpanID == read.spanID && load.traceID == read.traceID && read.parentSpanID == nil)
            #expect(read.attributes == ["bedrock_sessions.cache.read.outcome": "miss"])
            #expect(load.attributes == ["bedrock_sessions.cache.load.plan": "fill"])
            #expect(try await cache.store.session(cache.key) != nil)
            #expect(try await cache.store.read(SessionRead(cache.key, as: .anonymous, consistency: .strong)) != nil)
            #expect(
                take().map(\.attributes) == [
                    ["bedrock_sessions.cache.read.outcome": "hit"], ["bedrock_sessions.cache.read.outcome": "skipped"],
                ])
        }
    }

    @Test("a read of this process's memory is one too")
    func near() async throws {
        try await Self.run(configure: { $0.nearCache = .init(entries: 100) }) { cache, take in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.wait {
                _ = try await cache.store.session(cache.key)
                return take().contains { $0.attributes == ["bedrock_sessions.cache.read.outcome": "near"] }
            }
        }
    }

    @Test("a write says what it changes and what the cache knows of it, a batch how many it asks for")
    func writes() async throws {
        try await Self.run { cache, take in
            try await cache.store.update(cache.key, set: ["a": 1])
            try await cache.store.delete(cache.key)
            let names = ["bedrock_sessions.cache.write.change", "bedrock_sessions.cache.write.state"]
            #expect(take().map { span in names.map { span.attributes.get($0) } } == [["update", "published"], ["delete", "published"]])
            let keys = (2...4).map { SessionKey.test("session-\($0)") }
            _ = try await cache.store.read(batch: keys, as: .anonymous, consistency: .cached)
            let spans = try await Self.withLoad(cache, take)
            #expect(Set(spans.map(\.operationName)) == ["bedrock_sessions.cache.read_batch", "bedrock_sessions.cache.load"])
            #expect(spans.allSatisfy { $0.attributes == ["bedrock_sessions.cache.batch_size": 3] })
            cache.redis.server.kill()
            try await cache.store.update(cache.key, set: ["a": 2])
            #expect(take().first?.attributes.get("bedrock_sessions.cache.write.state") == "pending")
        }
    }

    @Test("a failure of the table is on the load, the read and the write, by its code; no span names a session or a value")
    func failures() async throws {
        try await Self.run { cache, take in
            cache.base.fail(reads: .outage)
            #expect(await code { _ = try await cache.store.session(cache.key) } == .unavailable)
            var spans = try await Self.withLoad(cache, take)
            cache.base.fail(reads: nil)
            try await cache.store.update(cache.key, set: ["secret": "value"], as: .user(try UserID("ada")))
            let refused = await code { _ = try await cache.store.session(cache.key, as: .user(try UserID("eve"))) }
            #expect(refused == .notOwner)
            spans += take()
            func failed(_ kind: SpanAttribute) -> Set<String> {
                Set(spans.filter { $0.status?.code == .error && $0.attributes.get("error.type") == kind }.map(\.operationName))
            }
            #expect(failed("unavailable") == ["bedrock_sessions.cache.load", "bedrock_sessions.cache.read"])
            #expect(failed("notOwner") == ["bedrock_sessions.cache.read"])
            #expect(spans.allSatisfy { $0.errors.isEmpty && $0.events.isEmpty })
            let told = spans.map(Self.line).joined(separator: "\n")
            for secret in ["session-1", "ada", "eve", "secret", "value"] { #expect(!told.contains(secret), "\(told)") }
        }
    }
}
