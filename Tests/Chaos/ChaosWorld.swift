import Dynamo
import EventLoop
import Logging
import Redis
import SessionStore
import TestSupport

/// The servers of a run, the proxies in front of them, and the processes that use them.
struct ChaosWorld: Sendable {
    let redisServer: RedisServer
    let redis: FaultProxy
    let table: FaultProxy
    let processes: [ChaosProcess]
    private let loop: UVLoop
    /// A connection to Redis past the proxy.
    private let administrator: RedisClient

    init(_ plan: ChaosPlan) async throws {
        let server = try await DynamoServer.running()
        // DEBUG is closed by default from Redis 7 on; older servers do not know the option.
        self.redisServer =
            try (try? RedisServer(options: ["--enable-debug-command", "yes", "--maxclients", "1000"]))
            ?? RedisServer(options: ["--maxclients", "1000"])
        let (redis, table) = (try FaultProxy(to: self.redisServer.port), try FaultProxy(to: server.port))
        (self.redis, self.table) = (redis, table)
        let tableName = DynamoServer.tableName("chaos")
        self.processes = try (0..<plan.processes).map { _ in
            try ChaosProcess(redisPort: redis.port, tablePort: table.port, server: server, tableName: tableName, plan: plan)
        }
        self.loop = try UVLoop(name: "chaos-admin")
        var configuration = RedisConfiguration(port: self.redisServer.port)
        configuration.commandTimeout = .seconds(10)
        configuration.silenceLimit = .seconds(10)
        configuration.backoff.maximum = .milliseconds(100)
        var logger = Logger(label: "chaos")
        logger.logLevel = .critical
        self.administrator = RedisClient(loop: self.loop, configuration: configuration, logger: logger)
        try await self.processes[0].table.createTable()
    }

    func close() async {
        for process in self.processes { await process.close() }
        await self.administrator.close()
        await self.loop.shutdown()
        self.redisServer.kill()
    }

    // MARK: What happens to Redis

    /// Sends a command past the proxy; a server that is away answers nothing.
    func command(_ text: String) async {
        _ = try? await self.administrator.send(text.split(separator: " ").map { Array($0.utf8) })
    }

    /// Bytes that Redis says it uses.
    func usedMemory() async -> Int {
        (try? await self.administrator.info("memory")["used_memory"]).flatMap { Int($0) } ?? 0
    }

    /// Fills Redis with that many kilobytes that nobody reads.
    func fill(kilobytes: Int, from start: Int) async {
        let block = [UInt8](repeating: 0x20, count: 1000)
        await withTaskGroup(of: Void.self) { group in
            for number in start..<start + kilobytes {
                group.addTask { _ = try? await self.administrator.set(Array("filler:\(number)".utf8), to: block) }
            }
        }
    }

    func killRedis() async {
        await blocking { self.redisServer.kill() }
    }

    func restartRedis() async throws {
        let result = await blocking { Result { try self.redisServer.restart() } }
        try result.get()
    }

    func pause(_ duration: Duration) async {
        try? await self.loop.sleep(for: duration)
    }
}
