package import Redis

/// The commands of a `CacheStore` on a real Redis.
package struct RedisCommands: CacheCommands {
    private let client: RedisClient

    /// Commands over this client.
    package init(_ client: RedisClient) {
        self.client = client
    }

    @inline(always)
    package func get(_ key: [UInt8]) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        try await self.client.getWithEpoch(key)
    }

    package func run(
        _ script: CacheScript, key: [UInt8], arguments: [[UInt8]]
    ) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64) {
        let answer = try await self.client.evalWithEpoch(script.script, keys: [key], arguments: arguments)
        return (answer.reply, answer.epoch)
    }

    package func remove(_ key: [UInt8]) async throws(RedisError) {
        try await self.client.delete(key)
    }
}
