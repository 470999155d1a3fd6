import EventLoop
import Logging
import Redis
import TestSupport

/// A client with a loop of its own; `body` has it, then both end.
///
/// Deadlines are ample: a busy machine is not what is tested. Pauses are short, so that an outage costs no more than it lasts.
func withClient<Result>(
    port: Int, configure: (inout RedisConfiguration) -> Void = { _ in }, wallClock: (@Sendable () -> Duration)? = nil,
    _ body: (RedisClient) async throws -> Result
) async throws -> Result {
    let loop = try UVLoop()
    var configuration = RedisConfiguration(port: port)
    configuration.commandTimeout = .seconds(5)
    configuration.connectTimeout = .seconds(5)
    configuration.backoff.initial = .milliseconds(10)
    configuration.backoff.maximum = .milliseconds(50)
    configure(&configuration)
    let client =
        if let wallClock {
            RedisClient(loop: loop, configuration: configuration, logger: .quiet, wallClock: wallClock)
        } else {
            RedisClient(loop: loop, configuration: configuration, logger: .quiet)
        }
    do {
        let result = try await body(client)
        await client.close()
        await loop.shutdown()
        return result
    } catch {
        await client.close()
        await loop.shutdown()
        throw error
    }
}

extension Logger {
    /// Outages are what these tests are about: what is said about them would hide the rest.
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

extension RedisClient {
    /// A command in words.
    @discardableResult
    func words(_ text: String) async throws(RedisError) -> RedisReply {
        try await self.send(text.split(separator: " ").map { Array($0.utf8) })
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The error of Redis that `body` throws, if it throws one.
func redisError(_ body: () async throws -> Void) async -> RedisError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? RedisError
    }
}
