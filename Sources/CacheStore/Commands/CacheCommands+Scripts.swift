internal import Redis
internal import SessionStore

/// The scripts with their arguments and replies as types.
extension CacheCommands {
    /// The epoch of the server on which the lease was granted; nil: it was refused.
    func lease(_ key: [UInt8], _ token: Token, time: Duration, over seen: [UInt8]?) async throws(RedisError) -> UInt64? {
        let arguments = [token.bytes, Self.milliseconds(time)] + (seen.map { [$0] } ?? [])
        let answer = try await self.run(.lease, key: key, arguments: arguments)
        return answer.reply == .integer(1) ? answer.epoch : nil
    }

    func fill(_ key: [UInt8], _ token: Token, _ entry: EncodedEntry) async throws(RedisError) -> Bool {
        let arguments = [token.bytes, entry.bytes] + entry.end.arguments
        return try await self.run(.fill, key: key, arguments: arguments).reply == .integer(1)
    }

    func refresh(_ key: [UInt8], seen: [UInt8], _ entry: EncodedEntry) async throws(RedisError) -> Bool {
        let arguments = [seen, entry.bytes] + entry.end.arguments
        return try await self.run(.refresh, key: key, arguments: arguments).reply == .integer(1)
    }

    /// The epoch of the server on which the intent stands (nil: it has no memory for it), and the entry that it replaced.
    func intent(
        _ key: [UInt8], _ token: Token, time: Duration
    ) async throws(RedisError) -> (standsAt: UInt64?, replaced: [UInt8]?) {
        let answer = try await self.runOrRemove(.intent, key: key, arguments: [token.bytes, Self.milliseconds(time)])
        switch answer.reply {
        case .array(let parts) where parts.count == 2:
            let epoch = parts[0] == .integer(1) ? answer.epoch : nil
            if case .bytes(let replaced) = parts[1] { return (epoch, replaced) }
            return (epoch, nil)
        case .array, .null, .status, .integer, .bytes, .error:
            return (nil, nil)
        }
    }

    func publish(
        _ key: [UInt8], _ token: Token, _ version: SessionVersion, _ entry: EncodedEntry
    ) async throws(RedisError) -> PublishOutcome {
        let arguments = [token.bytes, WireFormat.digits(of: version), entry.bytes] + entry.end.arguments
        let reply = try await self.runOrRemove(.publish, key: key, arguments: arguments).reply
        guard case .bytes(let word) = reply else { return .removed }
        return PublishOutcome(rawValue: String(decoding: word, as: UTF8.self)) ?? .removed
    }

    func withdraw(_ key: [UInt8], _ token: Token) async throws(RedisError) {
        _ = try await self.runOrRemove(.withdraw, key: key, arguments: [token.bytes])
    }

    func replay(_ key: [UInt8], _ version: SessionVersion) async throws(RedisError) {
        _ = try await self.runOrRemove(.replay, key: key, arguments: [WireFormat.digits(of: version)])
    }

    /// The scripts of writers remove the key themselves when Redis has no memory for what they would store. A server that refuses to run them at
    /// all for that reason (it may, from Redis 7 on) is asked for the removal, which it never refuses.
    private func runOrRemove(
        _ script: CacheScript, key: [UInt8], arguments: [[UInt8]]
    ) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64) {
        do {
            return try await self.run(script, key: key, arguments: arguments)
        } catch {
            guard error.code == .outOfMemory else { throw error }
            try await self.remove(key)
            return (.null, 0)
        }
    }

    private static func milliseconds(_ duration: Duration) -> [UInt8] {
        Array(String(duration.wholeMilliseconds).utf8)
    }
}
