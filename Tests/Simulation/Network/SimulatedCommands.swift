internal import CacheStore
internal import Redis

/// The commands of a `CacheStore` over a simulated connection to a simulated Redis.
struct SimulatedCommands: CacheCommands {
    let process: Process
    let world: World

    private enum Served<Reply: Sendable>: Sendable {
        case reply(Reply)
        case refused(RedisError.Code)
    }

    func get(_ key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        let answer = try await self.send { redis in redis.get(key.bytes) }
        guard let value = answer.reply else { throw RedisError(.wrongType, "another kind of value") }
        if case .entry(let header) = EntryDecoder.state(of: value), header.epoch != answer.epoch { self.world.mark(.otherEpoch) }
        return (value, answer.epoch)
    }

    func run(_ script: CacheScript, key: [UInt8], arguments: [[UInt8]]) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64) {
        let world = self.world
        return try await self.send { redis in
            let reply = redis.run(script, key, arguments)
            if script == .publish { world.published(arguments[0]) }
            return reply
        }
    }

    func remove(_ key: [UInt8]) async throws(RedisError) {
        _ = try await self.send { redis in redis.remove(key) }
    }

    private func send<Reply: Sendable>(
        _ serve: @escaping @Sendable (SimulatedRedis) -> Reply
    ) async throws(RedisError) -> (reply: Reply, epoch: UInt64) {
        let redis = self.world.redis
        guard self.world.isRedisReachable(from: self.process) else { throw RedisError(.unavailable, "no connection") }
        // A connection leads to one server: what it carries never reaches the one that takes over.
        let server = redis.identity
        let (fate, refusal) = self.world.redisFate(self.process)
        let result = await self.process.exchange(.redis, fate, deadline: .milliseconds(50)) { () -> Served<Reply>? in
            guard redis.identity.incarnation == server.incarnation else { return nil }
            if let refusal { return .refused(refusal) }
            return .reply(serve(redis))
        }
        switch result {
        case .success(.reply(let reply)): return (reply, server.epoch)
        case .success(.refused(let code)): throw RedisError(code, "refused")
        case .failure(let error): throw Self.error(error.ending)
        }
    }

    private static func error(_ ending: Ending) -> RedisError {
        switch ending {
        case .timedOut: RedisError(.timedOut, "no reply in time", mayHaveExecuted: true)
        case .broken: RedisError(.connectionLost, "the connection ended", mayHaveExecuted: true)
        case .cancelled: RedisError(.cancelled, "cancelled", mayHaveExecuted: true)
        case .dead: RedisError(.closed, "the process is dead", mayHaveExecuted: true)
        }
    }
}
