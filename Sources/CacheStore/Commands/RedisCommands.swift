package import Redis

/// The commands of a `CacheStore` on a real Redis.
package struct RedisCommands: CacheCommands {
    private let client: RedisClient

    /// Commands over this client.
    package init(_ client: RedisClient) {
        self.client = client
    }

    package func get(_ key: [UInt8]) async throws(RedisError) -> [UInt8]? {
        try await self.client.get(key)
    }

    package func run(_ script: CacheScript, key: [UInt8], arguments: [[UInt8]]) async throws(RedisError) -> RedisReply {
        try await self.client.eval(script.script, keys: [key], arguments: arguments)
    }

    package func remove(_ key: [UInt8]) async throws(RedisError) {
        try await self.client.delete(key)
    }
}
