import EventLoop
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
    configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
) async throws {
    var configuration = RedisConfiguration(port: port)
    configuration.commandTimeout = .seconds(20)
    configuration.connectTimeout = .seconds(20)
    configure(&configuration)
    let loop = try UVLoop()
    let client = RedisClient(loop: loop, configuration: configuration, logger: Logger(label: "test"))
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
