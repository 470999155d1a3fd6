import CacheStore
import EventLoop
import Logging
import Redis
import TestSupport

/// A real redis-server, a client of it, and short words for what tests do with one key.
struct RedisUnderTest: Sendable {
    let server: RedisServer
    let client: RedisClient
    let commands: RedisCommands

    /// Runs `body` with a redis-server of its own, and ends it.
    ///
    /// Deadlines are generous, for a busy machine: tests about slowness set their own.
    static func run(
        options: [String] = [], commandTimeout: Duration = .seconds(20), _ body: (RedisUnderTest) async throws -> Void
    ) async throws {
        let server = try RedisServer(options: options)
        var configuration = RedisConfiguration(port: server.port)
        configuration.commandTimeout = commandTimeout
        configuration.connectTimeout = .seconds(20)
        let loop = try UVLoop()
        let client = RedisClient(loop: loop, configuration: configuration, logger: Logger(label: "test"))
        let result: Result<Void, any Error>
        do {
            try await client.connect()
            result = .success(try await body(RedisUnderTest(server: server, client: client, commands: RedisCommands(client))))
        } catch {
            result = .failure(error)
        }
        await client.close()
        await loop.shutdown()
        server.kill()
        try result.get()
    }

    @discardableResult
    func send(_ words: String...) async throws -> RedisReply {
        try await self.client.send(words.map { Array($0.utf8) })
    }

    func get(_ key: [UInt8]) async throws -> [UInt8]? {
        try await self.client.get(key)
    }

    /// Puts `bytes` under the key, for an hour; nil removes it.
    func put(_ key: [UInt8], _ bytes: [UInt8]?) async throws {
        guard let bytes else {
            try await self.client.delete(key)
            return
        }
        _ = try await self.client.send([Array("SET".utf8), key, bytes, Array("PX".utf8), Array("3600000".utf8)])
    }

    /// Milliseconds that the key has left; -1: for ever, -2: there is none.
    func timeLeft(_ key: [UInt8]) async throws -> Int64 {
        guard case .integer(let milliseconds) = try await self.client.send([Array("PTTL".utf8), key]) else { return -3 }
        return milliseconds
    }

    /// The instant at which the key ends, in milliseconds since 1970.
    func end(_ key: [UInt8]) async throws -> Int64 {
        guard case .integer(let milliseconds) = try await self.client.send([Array("PEXPIRETIME".utf8), key]) else { return -3 }
        return milliseconds
    }

    /// The server's time in milliseconds.
    func now() async throws -> Int64 {
        guard case .array(let parts) = try await self.send("TIME"), case .bytes(let seconds) = parts[0], case .bytes(let micros) = parts[1]
        else {
            return 0
        }
        let number = { (text: [UInt8]) in Int64(String(decoding: text, as: UTF8.self)) ?? 0 }
        return number(seconds) * 1000 + number(micros) / 1000
    }
}

/// Bytes of a text, for keys and arguments.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
