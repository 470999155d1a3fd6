internal import Redis
internal import SessionStore

/// The scripts with their arguments and replies as types.
extension CacheCommands {
    func lease(_ key: [UInt8], _ token: Token, time: Duration, over seen: [UInt8]?) async throws(RedisError) -> Bool {
        let arguments = [token.bytes, Self.milliseconds(time)] + (seen.map { [$0] } ?? [])
        return try await self.run(.lease, key: key, arguments: arguments) == .integer(1)
    }

    func fill(_ key: [UInt8], _ token: Token, _ entry: EncodedEntry) async throws(RedisError) -> Bool {
        let arguments = [token.bytes, entry.bytes] + entry.end.arguments
        return try await self.run(.fill, key: key, arguments: arguments) == .integer(1)
    }

    func refresh(_ key: [UInt8], seen: [UInt8], _ entry: EncodedEntry) async throws(RedisError) -> Bool {
        let arguments = [seen, entry.bytes] + entry.end.arguments
        return try await self.run(.refresh, key: key, arguments: arguments) == .integer(1)
    }

    /// Whether the intent stands, and the entry that it replaced.
    func intent(
        _ key: [UInt8], _ token: Token, time: Duration
    ) async throws(RedisError) -> (stands: Bool, replaced: [UInt8]?) {
        let reply = try await self.runOrRemove(.intent, key: key, arguments: [token.bytes, Self.milliseconds(time)])
        switch reply {
        case .array(let parts) where parts.count == 2:
            if case .bytes(let replaced) = parts[1] { return (parts[0] == .integer(1), replaced) }
            return (parts[0] == .integer(1), nil)
        case .array, .null, .status, .integer, .bytes, .error:
            return (false, nil)
        }
    }

    func publish(
        _ key: [UInt8], _ token: Token, _ version: SessionVersion, _ entry: EncodedEntry
    ) async throws(RedisError) -> PublishOutcome {
        let arguments = [token.bytes, WireFormat.digits(of: version), entry.bytes] + entry.end.arguments
        let reply = try await self.runOrRemove(.publish, key: key, arguments: arguments)
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
    ) async throws(RedisError) -> RedisReply {
        do {
            return try await self.run(script, key: key, arguments: arguments)
        } catch {
            guard error.code == .outOfMemory else { throw error }
            try await self.remove(key)
            return .null
        }
    }

    private static func milliseconds(_ duration: Duration) -> [UInt8] {
        Array(String(duration.wholeMilliseconds).utf8)
    }
}
