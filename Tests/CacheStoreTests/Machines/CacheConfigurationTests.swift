import CacheStore
import SessionStore
import Testing

@Suite("the configuration of a cache")
struct CacheConfigurationTests {
    @Test("the defaults are those of the design")
    func defaults() throws {
        let configuration = CacheConfiguration(table: "NFTBedrockSessions-prod")
        try configuration.validate()
        #expect(configuration.revalidateAfter == .seconds(60))
        #expect(configuration.times.negative == .seconds(5))
        #expect(configuration.times.lease == .seconds(3))
        #expect(configuration.times.intent == .seconds(15))
        #expect(configuration.times.tombstone == .seconds(3600))
        #expect(configuration.writes.budget == .seconds(5))
        #expect(configuration.maximumEntrySize == 65_536)
    }

    @Test("every problem is listed at once")
    func problems() {
        var configuration = CacheConfiguration(table: "a:b")
        configuration.times.intent = .seconds(9)
        configuration.times.lease = .zero
        configuration.times.tombstone = .seconds(3601)
        configuration.maximumEntrySize = 2 << 20
        configuration.batchConcurrency = 0
        configuration.writes.publishAttempts = 0
        configuration.refreshAfter = .seconds(61)
        configuration.replays.limit = 0
        configuration.cacheBreaker.failures = 0
        configuration.tableBreaker.interval = .zero
        configuration.reads.budget = .zero
        #expect(configuration.problems.count == 12)
        #expect { try configuration.validate() } throws: { error in
            let error = error as? SessionStoreError
            return error?.code == .misconfigured && ["times.intent", "table"].allSatisfy { error?.message.contains($0) == true }
        }
        #expect(CacheConfiguration(table: "").problems.count == 1)
        #expect(CacheConfiguration(table: String(repeating: "t", count: 256)).problems.count == 1)
        #expect(CacheConfiguration(table: "{tag}").problems.count == 1)
    }

    @Test("an intent time below twice the write budget is refused, exactly twice is not")
    func intentTime() {
        var configuration = CacheConfiguration(table: "t")
        configuration.times.intent = .milliseconds(9999)
        #expect(configuration.problems.count == 1)
        configuration.times.intent = .seconds(10)
        #expect(configuration.problems.isEmpty)
    }
}
