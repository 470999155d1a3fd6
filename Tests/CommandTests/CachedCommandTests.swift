import EventLoop
import JSON
import Logging
import Redis
import TestSupport
import Testing

@Suite(
    "On DynamoDB behind Redis",
    .enabled(if: DynamoServer.isAvailable && RedisServer.isExpected, "needs ministack and redis-server: `make test` installs both"),
    .timeLimit(.minutes(2)))
struct CachedCommandTests {
    /// What a test works with: the tool, a table that exists, a Redis of its own.
    private struct Stack {
        var tool: CommandLineTool
        var table: String
        var redis: RedisServer

        init() async throws {
            let server = try await DynamoServer.running()
            self.table = DynamoServer.tableName("command")
            self.redis = try RedisServer()
            self.tool = try CommandLineTool(environment: [
                "AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": server.accessKeyID,
                "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
            ])
            let created = try await self.tool.run("create-table", self.table, "us-east-1")
            #expect(created.exitCode == 0, "\(created.errors)")
        }

        /// Runs a command on the table behind the cache.
        func run(_ arguments: String...) async throws -> CommandLineTool.Outcome {
            try await self.tool.run(arguments + ["--store", "dynamodb", "--redis", self.redis.url, "--table", self.table])
        }
    }

    @Test("the copy in Redis ends at the very instant at which the item does")
    func expiration() async throws {
        let stack = try await Stack()
        #expect(try await stack.run("wallet", "set", "s-1", BedrockEvents.wallet).exitCode == 0)
        #expect(try await stack.run("wallet", "get", "s-1").output == BedrockEvents.wallet + "\n")
        let item = try await stack.run("get", "s-1", "--tier", "table", "--json").json
        let copy = try await stack.run("get", "s-1", "--tier", "cache", "--json").json
        #expect(item["origin"] == "table")
        #expect(copy["origin"] == "cache")
        #expect(copy["data"] == item["data"])
        #expect(copy["version"] == item["version"])
        let expiration = try #require(item["expiration"]?.integer)

        let loop = try UVLoop(name: "pexpiretime")
        let client = RedisClient(
            loop: loop, configuration: RedisConfiguration(port: stack.redis.port), logger: Logger(label: "test"))
        let key = Array("bs1:\(stack.table):s-1".utf8)
        // PEXPIRETIME is Redis 7; the same instant on an older one is TIME plus PTTL, in one script.
        let script = RedisScript(
            "local t = redis.call('TIME'); return redis.call('PTTL', KEYS[1]) + t[1] * 1000 + math.floor(t[2] / 1000)")
        let reply = try await client.eval(script, keys: [key], arguments: [])
        guard case .integer(let ends) = reply else { throw ChildProcess.LaunchError("Redis did not answer with a time") }
        #expect(abs(ends - expiration * 1000) <= 1)
        if case .integer(let exact)? = try? await client.send([Array("PEXPIRETIME".utf8), key]) { #expect(exact == expiration * 1000) }
        await client.close()
        await loop.shutdown()
    }

    @Test("Redis going away changes latency, not answers", arguments: [false, true])
    func outage(frozen: Bool) async throws {
        let stack = try await Stack()
        #expect(try await stack.run("wallet", "set", "s-1", BedrockEvents.wallet, "--user", "alice").exitCode == 0)
        if frozen { stack.redis.freeze() } else { stack.redis.kill() }
        defer { if frozen { stack.redis.thaw() } }
        #expect(try await stack.run("wallet", "get", "s-1", "--user", "alice").output == BedrockEvents.wallet + "\n")
        let set = try await stack.run("wallet", "set", "s-1", BedrockEvents.otherWallet, "--user", "alice")
        #expect(set.exitCode == 0)
        #expect(set.errors.hasPrefix("warning: "))
        #expect(try await stack.run("wallet", "get", "s-2", "--user", "alice").output == BedrockEvents.otherWallet + "\n")
        #expect(try await stack.run("get", "s-3").errors.contains("there is no such session"))
        let looked = try await stack.run("get", "s-1", "--user", "alice", "--tier", "cache")
        #expect(looked.exitCode == 1)
        #expect(!looked.errors.contains("no copy"))
    }

    @Test("a password that Redis refuses is said, and the table answers")
    func refusedPassword() async throws {
        let stack = try await Stack()
        #expect(try await stack.run("put", "s-1", "a=1").exitCode == 0)
        let address = stack.redis.url.replacing("redis://", with: "redis://:hush@")
        let read = try await stack.tool.run(
            ["get", "s-1", "--json", "--store", "dynamodb", "--table", stack.table, "--redis", address])
        #expect(read.exitCode == 0)
        #expect(try read.json["origin"] == "table")
        #expect(read.errors.hasPrefix("warning: "))
        #expect(read.errors.contains("AUTH"))
        #expect(!read.errors.contains("hush"))
    }

    @Test("with a key Redis shows nothing, and whoever has the key reads it; a Redis elsewhere is refused without one")
    func sealed() async throws {
        let redis = try RedisServer()
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_REDIS_URL": redis.url, "BEDROCK_SESSIONS_STORE": "sqlite:one.db"])
        let line = try await tool.run("seal-key", "blue")
        #expect(line.exitCode == 0 && line.output.hasPrefix("blue:"))
        #expect(try await tool.run("seal-key").output.wholeMatch(of: /20\d\d-\d\d-\d\d:[A-Za-z0-9+\/]{43}=\n/) != nil)
        #expect(try await tool.run("seal-key", "a b").exitCode == 2)

        let sealing = try CommandLineTool(environment: [
            "BEDROCK_SESSIONS_REDIS_URL": redis.url, "BEDROCK_SESSIONS_STORE": "sqlite:one.db", "BEDROCK_SESSIONS_SEAL_KEYS": line.output,
        ])
        #expect(try await sealing.run("wallet", "set", "s-1", BedrockEvents.wallet).exitCode == 0)
        #expect(try await sealing.run("get", "s-1", "--json").json["origin"] == "cache")
        #expect(try await sealing.run("get", "s-1", "--tier", "cache").exitCode == 0)
        let (dump, _) = try await ChildProcess.run(
            ["redis-cli", "-p", "\(redis.port)", "--no-raw", "EVAL", "return redis.call('GET', redis.call('KEYS', '*')[1])", "0"])
        #expect(dump.hasPrefix("\"L") && !dump.contains("wallet"))

        for command in [["get", "s-1"], ["serve", "--listen", "127.0.0.1:0"], ["demo"]] {
            let refused = try await tool.run(command + ["--redis", "redis://:hush@cache.example.com:6379"])
            #expect(refused.exitCode == 2)
            #expect(refused.errors.contains("BEDROCK_SESSIONS_SEAL_KEYS") && refused.errors.contains("--redis"))
            #expect(!refused.errors.contains("hush"))
        }
    }

    @Test("the cache has no copy of what nobody read or wrote, and shows a copy to its owner only")
    func looking() async throws {
        let stack = try await Stack()
        #expect(try await stack.run("get", "s-1", "--tier", "cache").errors.contains("the cache has no copy"))
        _ = try await stack.run("put", "s-1", "a=1", "--user", "alice")
        #expect(try await stack.run("get", "s-1", "--tier", "cache", "--user", "alice").exitCode == 0)
        #expect(try await stack.run("get", "s-1", "--tier", "cache", "--user", "bob").exitCode == 1)
        #expect(try await stack.run("delete", "s-1", "--user", "alice").exitCode == 0)
        #expect(try await stack.run("get", "s-1", "--tier", "cache", "--user", "alice").exitCode == 1)
    }

    @Test("a cache in front of a file and one in front of another do not share copies")
    func names() async throws {
        let redis = try RedisServer()
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_REDIS_URL": redis.url])
        _ = try await tool.run("put", "s-1", "a=1", "--store", "sqlite:one.db")
        #expect(try await tool.run("get", "s-1", "--store", "sqlite:one.db", "--json").json["origin"] == "cache")
        #expect(try await tool.run("get", "s-1", "--store", "sqlite:two.db").exitCode == 1)
        #expect(try await tool.run("demo").exitCode == 0)
    }
}
