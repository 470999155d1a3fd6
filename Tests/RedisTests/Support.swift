import EventLoop
import Glibc
import Logging
import Redis
import TestSupport

/// Runs `body` with a client of a fresh redis-server, and ends both.
func withRedis(
    options: [String] = [],
    configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
) async throws {
    let server = try RedisServer(options: options)
    try await withClient(port: server.port, configure: configure, body)
    server.kill()
}

/// Runs `body` with a client of whatever listens on `port`, and closes it.
///
/// Deadlines are generous, for a busy machine: tests about deadlines set their own.
func withClient(
    port: Int,
    logger: Logger = Logger(label: "test"),
    configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
) async throws {
    var configuration = RedisConfiguration(port: port)
    configuration.commandTimeout = .seconds(20)
    configuration.connectTimeout = .seconds(20)
    configure(&configuration)
    let loop = try UVLoop()
    let client = RedisClient(loop: loop, configuration: configuration, logger: logger)
    do {
        try await body(client)
    } catch {
        await client.close()
        await loop.shutdown()
        throw error
    }
    await client.close()
    await loop.shutdown()
}

extension LoopbackServer.Peer {
    /// Reads until `text` has come, or the end. Returns whether it came.
    @discardableResult
    func read(until text: String) -> Bool {
        var received: [UInt8] = []
        while true {
            let bytes = self.read()
            if bytes.isEmpty { return false }
            received += bytes
            if String(decoding: received, as: UTF8.self).contains(text) { return true }
        }
    }

    /// Answers the greeting of a client without credentials and database, as a server that does not tell who it is.
    func greet() {
        self.read(until: "PING\r\n")
        self.write("-NOPERM x\r\n-NOPERM x\r\n-ERR x\r\n-ERR x\r\n+PONG\r\n")
    }
}

/// So many bytes, of which each block differs from the one before. Made block by block, not byte by byte: under a sanitizer ten megabytes of those keep a
/// processor for half a minute, and every other test waits.
func sample(_ count: Int) -> [UInt8] {
    let block = (0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + block.count)
    while bytes.count < count { bytes += block }
    return Array(bytes.prefix(count))
}

/// Compares as quickly.
func isSame(_ one: [UInt8]?, _ other: [UInt8]) -> Bool {
    guard let one, one.count == other.count else { return false }
    return one.withUnsafeBytes { one in
        other.withUnsafeBytes { other in
            guard let first = one.baseAddress, let second = other.baseAddress else { return true }
            return memcmp(first, second, one.count) == 0
        }
    }
}

/// The error that `body` throws, if it throws one of Redis.
func redisError(_ body: () async throws -> Void) async -> RedisError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? RedisError
    }
}

/// Calls `body` until the client is over its pause between attempts; with a pause of a millisecond that is soon. During the pause commands are refused with what
/// ended the last connection.
func untilAvailable<Value>(_ body: () async throws -> Value) async throws -> Value {
    while true {
        try Task.checkCancellation()
        do {
            return try await body()
        } catch let error as RedisError where [.unavailable, .connectionLost, .loading].contains(error.code) {
            await Task.yield()
        } catch let error as RedisError where !error.mayHaveExecuted && [.protocolViolation, .replyTooLarge, .tls].contains(error.code) {
            await Task.yield()
        }
    }
}
