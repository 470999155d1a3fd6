import AWS
import CacheStore
import Dynamo
import EventLoop
import Logging
import Redis
import SessionStore

/// Writes through a cache over a table at some address, each of which is an intent, an UpdateItem and a publish.
struct WrittenSessions {
    private let store: CacheStore<DynamoStore>
    private let keys: [SessionKey]
    private let shape: Shape

    /// `urls`: of Redis and of the table, a comma between them.
    init(_ urls: String, loop: UVLoop, shape: Shape = Shape()) async throws {
        let (redis, table) = try Self.parts(urls)
        let clock = SystemClock()
        let logger = Logger(label: "bench")
        var cache = CacheConfiguration(table: "bench")
        cache.region = CachedSessions.region
        cache.maximumEntrySize = Shape.maximumEntrySize
        (cache.writes.budget, cache.times.intent) = (.seconds(20), .seconds(60))
        self.store = try CacheStore(
            base: try RemoteTable.store(table, loop: loop, clock: clock), redis: try await CachedSessions.client(redis, loop: loop),
            configuration: cache, clock: clock, logger: logger)
        self.keys = try shape.keys()
        self.shape = shape
    }

    static func parts(_ urls: String) throws -> (redis: String, table: String) {
        let parts = urls.split(separator: ",").map(String.init)
        guard parts.count == 2 else { throw Failure("this takes two addresses, a comma between them") }
        return (parts[0], parts[1])
    }

    /// Writes that replace every field; anything that the cache was not told of is a failure.
    func write(from start: Int, until end: Flag) async throws -> Int {
        var count = 0
        // Made once: it is the caller's, not the store's.
        let changes = [self.shape.change(0), self.shape.change(1)]
        while !end.isSet {
            let result = try await self.store.update(self.keys[(start + count) % self.keys.count], set: changes[count & 1])
            guard result.cache == .published else { throw Failure("the cache was not told of a write") }
            count += 1
        }
        return count
    }
}
