import CacheStore
import EventLoop
import Logging
import Redis
import SessionStore
import TestSupport
import Testing

/// A cluster tells of changes node by node, which a near cache does not follow.
@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ClusterNearCacheTests {
    @Test("in a cluster the near cache stays off, with one line in the log, and all else works")
    func off() async throws {
        let cluster = try await RedisClusterServers(replicas: 0)
        try await withClient(port: cluster.servers[0].port) { (client) async throws in
            let lines = Observed<[String]>([])
            var configuration = CacheConfiguration(table: "near")
            configuration.nearCache = .init()
            let clock = SystemClock()
            let truth = MemoryStore(clock: clock)
            let store = try CacheStore(
                base: truth, redis: client, configuration: configuration, clock: clock,
                logger: Logger(label: "test") { _ in LineLog(lines: lines, logLevel: .info) })
            try await lines.wait { $0.contains { $0.contains("near cache stays off") && $0.contains("cluster") } }
            let peer = try CacheStore(
                base: truth, redis: client, configuration: CacheConfiguration(table: "near"), clock: clock, logger: .quiet)
            for number in 0..<30 {
                let key = SessionKey.session(try SessionID("near-\(number)"))
                // Kept in memory, the first value would answer after the second was written elsewhere.
                for value in ["one", "two"] {
                    try await peer.update(key, set: ["a": .string(value)])
                    for _ in 0..<2 { #expect(try await store.session(key)?.data == ["a": .string(value)]) }
                }
                let origin = try await store.session(key)?.origin
                guard case .cache = origin else {
                    Issue.record("Redis does not answer: \(String(describing: origin))")
                    continue
                }
            }
            #expect(lines.value.count { $0.contains("near cache") } == 1)
            await store.shutdown()
            await peer.shutdown()
        }
    }
}
