import CacheStore
import EventLoop
import Logging
import Redis
import SessionStore

/// The sessions of `CachedSessions`, read through a `SpreadStore` over so many loops, the first of which is the measurement's own.
struct SpreadSessions {
    private static let count = 1000

    private let store: SpreadStore
    private let caches: [CacheStore<MemoryStore>]
    private let keys: [SessionKey]

    init(_ url: String, loop: UVLoop, loops: Int) async throws {
        var caches: [CacheStore<MemoryStore>] = []
        let clock = SystemClock()
        let base = MemoryStore(clock: clock)
        for number in 0..<loops {
            let redis = try await CachedSessions.client(url, loop: number == 0 ? loop : UVLoop(name: "bench-\(number)"))
            caches.append(
                try CacheStore(
                    base: base, redis: redis, configuration: CacheConfiguration(table: "bench-spread"), clock: clock,
                    logger: .init(label: "bench")))
        }
        self.caches = caches
        self.store = try SpreadStore(caches)
        self.keys = try (0..<Self.count).map { .session(try SessionID("3f1c2a50-8f0e-4a4e-9d7a-5f6f1c3b\(1000 + $0)")) }
        for key in self.keys {
            try await self.store.replace(key, with: ["wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])
        }
    }

    /// Cached reads; anything but an answer of the cache is a failure.
    func read(from start: Int, until end: Flag) async throws -> Int {
        var count = 0
        while !end.isSet {
            let session = try await self.store.session(self.keys[(start + count) % Self.count])
            guard case .cache = session?.origin else { throw Failure("a session did not come from the cache") }
            count += 1
            if count & 1023 == 0 { await Task.yield() }
        }
        return count
    }
}
