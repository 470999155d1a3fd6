public import SessionStore

/// Several stores on the same sessions, each on an event loop of its own: one loop is one thread, and this is how a process uses more of them.
///
/// A session belongs to one of the stores, by a hash of its key. So everything that is done to it through here goes over the same connections, in order, and
/// reads of it share their loads as they do in one store. Nothing is shared between the stores on the way of a read, no lock either; to Redis and the
/// table they are as many processes, which is what the coherence of `CacheStore` is made for: it holds whatever part of the work each of them does.
///
///     let caches = try loops.map { loop in
///         let table = try DynamoStore(loop: loop, configuration: dynamo, clock: clock)
///         let redis = RedisClient(loop: loop, configuration: configuration, logger: logger)
///         return try CacheStore(base: table, redis: redis, configuration: cache, clock: clock, logger: logger)
///     }
///     let store = try SpreadStore(caches)
///
/// Connections, and what a store keeps for itself, are there once for each: its near cache too, with the two connections that hear of changes, so give
/// each of them its share of the entries.
public final class SpreadStore: SessionStore {
    private let stores: [any SessionStore]
    /// The cores of those that are caches.
    private let cores: [CacheCore<RedisCommands>?]
    private let spread: KeySpread

    /// A store over these, which have to lead to the same sessions. Throws `.misconfigured` for none, and for more than 64.
    public convenience init(_ stores: [any SessionStore]) throws(SessionStoreError) {
        try self.init(stores, seed: .random(in: .min ... .max))
    }

    /// The same with a seed of the hash's, for tests.
    init(_ stores: [any SessionStore], seed: UInt64) throws(SessionStoreError) {
        guard (1...Self.limit).contains(stores.count) else {
            throw SessionStoreError(.misconfigured, "spread sessions over 1 to \(Self.limit) stores")
        }
        self.stores = stores
        self.cores = stores.map { ($0 as? any CoreHolding)?.core }
        self.spread = KeySpread(count: stores.count, seed: seed)
    }

    /// How many stores there may be.
    public static let limit = 64

    /// The number of the store that a session belongs to, from 0 on.
    package func place(of key: SessionKey) -> Int { self.spread(key) }

    /// Reads one session. Throws what its store throws.
    public func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let place = self.spread(read.key)
        guard let core = self.cores[place] else { return try await self.read(read, notCachedAt: place) }
        return try await core.read(read)
    }

    /// Apart, so that a read of a cache has a frame for one call.
    @inline(never)
    private func read(_ read: SessionRead, notCachedAt place: Int) async throws(SessionStoreError) -> Session? {
        try await self.stores[place].read(read)
    }

    /// Reads many, in all their stores at once. A store that cannot make its part of the call fails its keys alone; throws when none can.
    public func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        var parts = [[SessionKey]](repeating: [], count: self.stores.count)
        for key in keys { parts[self.spread(key)].append(key) }
        let asked = parts.indices.filter { !parts[$0].isEmpty }
        guard asked.count > 1 else {
            return try await self.stores[asked.first ?? 0].read(batch: keys, as: caller, consistency: consistency)
        }
        let found = await withTaskGroup { group in
            for place in asked {
                group.addTask { [store = self.stores[place], part = parts[place]] in
                    do throws(SessionStoreError) {
                        return PartAnswer.answered(try await store.read(batch: part, as: caller, consistency: consistency))
                    } catch {
                        return PartAnswer.failed(error, part)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return try PartAnswer.joined(found)
    }

    /// Changes one session. Throws what its store throws.
    public func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        let place = self.spread(write.key)
        if let core = self.cores[place] { return try await core.write(write) }
        return try await self.stores[place].write(write)
    }

    /// `CacheStore.shutdown()` for all that are caches, at once: before the clients of Redis are closed.
    public func shutdown() async {
        await withDiscardingTaskGroup { group in
            for core in self.cores { group.addTask { await core?.shutdown() } }
        }
    }
}
