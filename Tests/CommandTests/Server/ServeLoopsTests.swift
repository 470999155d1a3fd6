import Glibc
import JSON
import TestSupport
import Testing

@Suite(
    "serve on several loops", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ServeLoopsTests {
    @Test("it is ready, serves every session, counts them together, and ends in order")
    func serving() async throws {
        let redis = try RedisServer()
        let environment = [
            "BEDROCK_SESSIONS_REDIS_URL": redis.url, "BEDROCK_SESSIONS_LOOPS": "3", "BEDROCK_SESSIONS_NEAR_CACHE_ENTRIES": "1000",
        ]
        let server = try await RunningServer(CommandLineTool(environment: environment))
        try await until { try await server.send("GET", "/readyz").json["cache"] == "ready" }
        for number in 0..<40 {
            let path = "/v1/sessions/loops-\(number)"
            #expect(try await server.send("PUT", path, ["data": ["n": .string("\(number)")]]).status == 200)
            #expect(try await server.send("GET", path).json["data"]?["n"] == .string("\(number)"))
        }
        // Each loop has a connection of its own, and two for its near cache.
        #expect(try await Self.clients(of: redis) == 9)
        let metrics = try await server.text("/metrics")
        // Whatever became of each in the cache: on a busy machine Redis may be late.
        let publishes = metrics.split(separator: "\n").filter { $0.hasPrefix("bedrock_sessions_cache_publishes_total{") }
        #expect(publishes.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +) == 40, "\(publishes)")
        #expect(await server.end(SIGTERM) == .exit(code: 0))
        try await until { try await Self.clients(of: redis) == 0 }
    }

    @Test("a number of loops that cannot be meant is refused, and a command opens one whatever the number")
    func number() async throws {
        let redis = try RedisServer()
        let wrong = try await CommandLineTool(environment: ["BEDROCK_SESSIONS_LOOPS": "65"]).run("config")
        #expect(wrong.exitCode == 2 && wrong.errors.contains("BEDROCK_SESSIONS_LOOPS is a number of event loops from 1 to 64"))
        let environment = ["BEDROCK_SESSIONS_LOOPS": "8", "BEDROCK_SESSIONS_REDIS_URL": redis.url]
        let config = try await CommandLineTool(environment: environment).run("config", "--json").json
        let line = config["settings"]?.elements?.first { $0["name"]?.string == "BEDROCK_SESSIONS_LOOPS" }
        #expect(line?["value"] == "8" && line?["origin"] == "environment")
        let put = try await CommandLineTool(environment: environment).run("put", "loops-1", "a=b")
        #expect(put.exitCode == 0 && put.errors == "")
        let load = try await CommandLineTool(environment: environment).run(
            "load", "--store", "memory", "--count", "2000", "--sessions", "100", "--json")
        #expect(load.exitCode == 0, "\(load.errors)")
        #expect(try load.json["wrong"] == .object([]))
        let opened = try await ChildProcess.run(["redis-cli", "-p", "\(redis.port)", "INFO", "stats"])
        let count = opened.output.split(whereSeparator: \.isNewline).first { $0.hasPrefix("total_connections_received:") }
        let connections = Int(count?.split(separator: ":").last ?? "") ?? 0
        // One of put, eight of load, this one, and those by which the test waited for the server.
        #expect((10...14).contains(connections), "\(opened.output)")
    }

    /// Connections beside that of the question.
    private static func clients(of redis: RedisServer) async throws -> Int {
        let answer = try await ChildProcess.run(["redis-cli", "-p", "\(redis.port)", "CLIENT", "LIST"])
        return answer.output.split(separator: "\n").count - 1
    }
}
