import CacheStore
import Locked
import Logging
import Redis
import SessionStore
import SessionStoreTesting

/// The commands of a real Redis, counted, and failing while a test wants them to.
final class InterruptibleCommands: CacheCommands {
    private struct State {
        var gets = 0
        var scripts: [CacheScript] = []
        var failure: RedisError?
        var failing = Set(CacheScript.allCases)
    }

    private let base: RedisCommands
    private let state = Locked(State())

    init(_ base: RedisCommands) {
        self.base = base
    }

    /// GETs that were sent, answered or not.
    var gets: Int { self.state.withLock { $0.gets } }
    /// Scripts that were sent, answered or not.
    var scripts: [CacheScript] { self.state.withLock { $0.scripts } }

    /// From now on commands fail without reaching Redis; nil: no longer.
    func fail(_ code: RedisError.Code?) {
        self.state.withLock { state in
            state.failing = Set(CacheScript.allCases)
            state.failure = code.map { RedisError($0, "for this test") }
        }
    }

    /// From now on these scripts fail, and nothing else.
    func fail(_ scripts: Set<CacheScript>, _ code: RedisError.Code) {
        self.state.withLock { state in
            state.failing = scripts
            state.failure = RedisError(code, "for this test")
        }
    }

    func get(_ key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        let failure = self.state.withLock { state in
            state.gets += 1
            return state.failing.count == CacheScript.allCases.count ? state.failure : nil
        }
        if let failure { throw failure }
        return try await self.base.get(key)
    }

    func run(
        _ script: CacheScript, key: [UInt8], arguments: [[UInt8]]
    ) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64) {
        let failure = self.state.withLock { state in
            state.scripts.append(script)
            return state.failing.contains(script) ? state.failure : nil
        }
        if let failure { throw failure }
        return try await self.base.run(script, key: key, arguments: arguments)
    }

    func remove(_ key: [UInt8]) async throws(RedisError) {
        if let failure = self.state.withLock({ $0.failure }) { throw failure }
        try await self.base.remove(key)
    }
}

extension CacheUnderTest {
    /// Another process's cache over the same Redis and table, whose way to Redis a test may cut.
    func interruptible() throws -> (core: CacheCore<InterruptibleCommands>, commands: InterruptibleCommands) {
        let commands = InterruptibleCommands(self.redis.commands)
        let core = try CacheCore(
            base: self.base, commands: commands, configuration: self.store.configuration, clock: self.clock,
            executor: self.redis.client.loop, logger: Logger(label: "test"))
        return (core, commands)
    }

    /// Waits for what goes on behind the answers.
    func wait(until isMet: () async throws -> Bool) async throws {
        while try await !isMet() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

extension CacheCore {
    func read(_ key: SessionKey, as caller: Caller = .anonymous) async throws -> Session? {
        try await self.read(SessionRead(key, as: caller))
    }

    @discardableResult
    func update(_ key: SessionKey, _ data: SessionData) async throws -> WriteResult {
        try await self.write(SessionWrite(key, .update(set: data, remove: [])))
    }
}
