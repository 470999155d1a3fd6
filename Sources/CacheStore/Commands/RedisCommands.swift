package import Redis

/// The commands of a `CacheStore` on a real Redis.
package struct RedisCommands: CacheCommands {
    private let client: RedisClient
    private let timers = CommandTimers()

    /// Commands over this client.
    package init(_ client: RedisClient) {
        self.client = client
    }

    package func get(_ key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        guard let timers = self.timers else { return try await self.client.getWithEpoch(key) }
        return try await timers.get { () async throws(RedisError) in try await self.client.getWithEpoch(key) }
    }

    @inline(always)
    package func ask(_ key: @autoclosure () -> RedisKey, send: (GetWaiter) -> Void) async -> AskedValue {
        if self.timers != nil { return await self.askTimed(key()) }
        return await self.client.ask(send)
    }

    @inline(always)
    package func send(prefix: [UInt8], name: String, for waiter: GetWaiter) {
        self.client.get(prefix: prefix, name: name, for: waiter)
    }

    /// What is timed is the whole.
    @inline(never)
    private func askTimed(_ key: RedisKey) async -> AskedValue {
        do throws(RedisError) {
            let (value, epoch) = try await self.get(key)
            return AskedValue(value: value, epoch: epoch)
        } catch {
            return .unsettled(.init(error))
        }
    }

    package func settle(_ asked: AskedValue.Unsettled, of key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        try await self.client.settle(asked, of: key)
    }

    package func run(
        _ script: CacheScript, key: [UInt8], arguments: [[UInt8]]
    ) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64) {
        guard let timers = self.timers else { return try await self.send(script, key, arguments) }
        return try await timers.run(script) { () async throws(RedisError) in try await self.send(script, key, arguments) }
    }

    private func send(
        _ script: CacheScript, _ key: [UInt8], _ arguments: [[UInt8]]
    ) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64) {
        let answer = try await self.client.evalWithEpoch(script.script, keys: [key], arguments: arguments)
        return (answer.reply, answer.epoch)
    }

    package func remove(_ key: [UInt8]) async throws(RedisError) {
        try await self.client.delete(key)
    }
}
