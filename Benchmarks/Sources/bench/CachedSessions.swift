import CacheStore
import EventLoop
import Logging
import Redis
import SessionStore

/// Sessions that a cache holds, and the store and the client that read them.
struct CachedSessions {
    /// The region that entries are sealed for.
    static let region = "eu-central-1"

    /// Bytes of an entry in Redis.
    let valueSize: Int
    private let store: CacheStore<MemoryStore>
    private let redis: RedisClient
    private let keys: [SessionKey]
    private let redisKeys: [[UInt8]]

    init(
        _ url: String, loop: UVLoop, table: String = "bench", seal: SealKeys? = nil, near: CacheConfiguration.NearCache? = nil,
        shape: Shape = Shape()
    ) async throws {
        let logger = Logger(label: "bench")
        let clock = SystemClock()
        self.redis = try await Self.client(url, loop: loop)
        var cache = CacheConfiguration(table: table)
        cache.region = Self.region
        cache.seal = seal
        cache.nearCache = near
        cache.maximumEntrySize = Shape.maximumEntrySize
        // To write a million of them takes longer than entries usually answer for.
        cache.revalidateAfter = .seconds(3600)
        self.store = try CacheStore(
            base: MemoryStore(clock: clock), redis: self.redis, configuration: cache, clock: clock, logger: logger)
        self.keys = try shape.keys()
        self.redisKeys = self.keys.map { Array("bs1:\(table):\($0.rawValue)".utf8) }
        try await Self.fill(self.store, self.keys, with: shape.data)
        self.valueSize = try await self.redis.get(self.redisKeys[0])?.count ?? 0
    }

    /// Writes each session, a few at a time.
    private static func fill(_ store: some SessionStore, _ keys: [SessionKey], with data: SessionData) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in 0..<min(32, keys.count) {
                group.addTask {
                    for place in stride(from: start, to: keys.count, by: 32) { try await store.replace(keys[place], with: data) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A client that is connected.
    static func client(_ url: String, loop: UVLoop) async throws -> RedisClient {
        var configuration = try RedisConfiguration(url: url)
        // A stall of the machine is not what is measured.
        configuration.commandTimeout = .seconds(20)
        configuration.connectTimeout = .seconds(20)
        let client = RedisClient(loop: loop, configuration: configuration, logger: Logger(label: "bench"))
        try await client.connect()
        return client
    }

    /// Reads each session once.
    func readAll() async throws {
        for key in self.keys { _ = try await self.store.session(key) }
    }

    /// The version of the first one.
    func first() async throws -> SessionVersion? {
        try await self.store.session(self.keys[0])?.version
    }

    /// How many keys were looked up in Redis so far.
    func lookUps() async throws -> Int {
        Int(try await self.redis.info("stats")["keyspace_hits"] ?? "") ?? 0
    }

    /// The first session's Redis key, and two entries for it with their versions.
    func twoEntries() async throws -> (key: [UInt8], entries: [(entry: [UInt8], session: SessionVersion?)]) {
        var entries: [(entry: [UInt8], session: SessionVersion?)] = []
        for _ in 0..<2 {
            let result = try await self.store.update(self.keys[0], set: ["round": .number("\(entries.count)")])
            guard let entry = try await self.redis.get(self.redisKeys[0]) else { throw Failure("an entry is missing") }
            entries.append((entry, result.version))
        }
        return (self.redisKeys[0], entries)
    }

    /// What Redis holds.
    func entries() async throws -> [(redisKey: [UInt8], value: [UInt8])] {
        var entries: [(redisKey: [UInt8], value: [UInt8])] = []
        for key in self.redisKeys {
            guard let value = try await self.redis.get(key) else { throw Failure("an entry is missing") }
            entries.append((key, value))
        }
        return entries
    }

    /// Cached reads through the store; anything but an answer of the cache is a failure.
    func read(from start: Int, until end: Flag) async throws -> Int {
        var count = 0
        while !end.isSet {
            let session = try await self.store.session(self.keys[(start + count) % self.keys.count])
            guard case .cache = session?.origin else { throw Failure("a session did not come from the cache") }
            count += 1
            // Answers from this process's memory never wait, and the loop has its connections to look after.
            if count & 1023 == 0 { await Task.yield() }
        }
        return count
    }

    /// The same, with one more thing to do after each.
    func read(from start: Int, until end: Flag, then body: (Int) throws -> Void) async throws -> Int {
        var count = 0
        while !end.isSet {
            let place = (start + count) % self.keys.count
            let session = try await self.store.session(self.keys[place])
            guard case .cache = session?.origin else { throw Failure("a session did not come from the cache") }
            try body(place)
            count += 1
        }
        return count
    }

    /// Bare GETs of the same entries.
    func get(from start: Int, until end: Flag) async throws -> Int {
        var count = 0
        while !end.isSet {
            let value = try await self.redis.get(self.redisKeys[(start + count) % self.keys.count])
            guard value != nil else { throw Failure("an entry is missing") }
            count += 1
        }
        return count
    }
}
