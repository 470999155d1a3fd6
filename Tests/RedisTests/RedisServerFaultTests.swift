import EventLoop
import Logging
import Redis
import TestSupport
import Testing

/// What a real redis-server can do to its client.
@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct RedisServerFaultTests {
    private let key = Array("key".utf8)

    @Test("AUTH and SELECT happen as the URL says")
    func authAndSelect() async throws {
        let server = try RedisServer(options: ["--user", "app", "on", ">p@ss", "~*", "+@all", "--requirepass", "other"])
        let configuration = try RedisConfiguration(url: "redis://app:p%40ss@127.0.0.1:\(server.port)/3")
        try await withClient(
            port: server.port,
            configure: {
                $0.credentials = configuration.credentials; $0.database = 3
            }
        ) { (client) async throws in
            try await client.set(key, to: [1])
            #expect(try await client.info("keyspace").keys.sorted() == ["db3"])
            #expect(try await client.send([Array("ACL".utf8), Array("WHOAMI".utf8)]) == .bytes(Array("app".utf8)))
        }
        try await withClient(port: server.port, configure: { $0.credentials = .init(password: Array("other".utf8)) }) {
            (client) async throws in
            #expect(try await client.get(key) == nil)
        }
    }

    @Test("wrong credentials, missing ones, and a database that does not exist are each told as what they are")
    func refusedGreetings() async throws {
        let server = try RedisServer(options: ["--requirepass", "secret"])
        let cases: [(RedisCredentials?, Int, RedisError.Code)] = [
            (.init(password: [1]), 0, .authentication), (.init(user: [2], password: [1]), 0, .authentication), (nil, 0, .authentication),
            (.init(password: Array("secret".utf8)), 16, .invalidConfiguration),
        ]
        for (credentials, database, code) in cases {
            try await withClient(
                port: server.port,
                configure: {
                    $0.credentials = credentials; $0.database = database
                }
            ) { (client) async throws in
                for _ in 0..<2 {
                    let error = await redisError { try await client.set(key, to: [1]) }
                    #expect(error?.code == code)
                    #expect(error?.mayHaveExecuted == false)
                }
                guard case .backingOff(let lastError) = client.connectionState else {
                    Issue.record("not backing off")
                    return
                }
                #expect(lastError.code == code)
            }
        }
    }

    @Test("an error of Redis is thrown with its code, and the connection goes on")
    func serverErrors() async throws {
        try await withRedis(options: ["--maxmemory", "1", "--maxmemory-policy", "noeviction"]) { (client) async throws in
            #expect(await redisError { try await client.set(key, to: [1]) }?.code == .outOfMemory)
            #expect(await redisError { try await client.send([Array("NOSUCH".utf8)]) }?.code == .refused)
            let broken = await redisError { _ = try await client.eval(RedisScript("return redis.call('NOSUCH')"), keys: [], arguments: []) }
            #expect(broken?.code == .refused)
            #expect(broken?.mayHaveExecuted == true)
            try await client.send([Array("CONFIG".utf8), Array("SET".utf8), Array("maxmemory".utf8), Array("0".utf8)])
            try await client.send([Array("LPUSH".utf8), key, [1]])
            #expect(await redisError { _ = try await client.get(key) }?.code == .wrongType)
            #expect(try await client.info("clients")["connected_clients"] == "1")
        }
    }

    @Test("commands that a shared connection cannot carry are not sent")
    func refusedCommands() async throws {
        try await withRedis { (client) async throws in
            let refused = ["SELECT 1", "multi", "SUBSCRIBE x", "Client Reply OFF", "BLPOP x 0", "MONITOR", "HELLO 3", ""]
            for text in refused {
                let arguments = text.split(separator: " ").map { Array($0.utf8) }
                #expect(await redisError { try await client.send(arguments) }?.code == .invalidCommand)
            }
            #expect(client.connectionState == .disconnected)
            try await client.send([Array("CLIENT".utf8), Array("GETNAME".utf8)])
        }
    }

    @Test("a server that is killed and started again is used again, and until then commands fail at once")
    func restart() async throws {
        let server = try RedisServer()
        try await withClient(
            port: server.port,
            configure: {
                $0.backoff.initial = .milliseconds(1); $0.backoff.maximum = .milliseconds(1)
            }
        ) { (client) async throws in
            try await client.set(key, to: [1])
            server.kill()
            var codes: Set<RedisError.Code> = []
            while !codes.contains(.unavailable) {
                try Task.checkCancellation()
                if let error = await redisError({ _ = try await client.get(key) }) { codes.insert(error.code) }
            }
            #expect(codes.isSubset(of: [.connectionLost, .unavailable]))
            try server.restart()
            #expect(try await untilAvailable { try await client.get(key) } == nil)
            #expect(client.connectionState == .ready)
        }
    }

    @Test("a caller past its deadline leaves; the connection stays, and late replies reach nobody else")
    func deadline() async throws {
        let server = try RedisServer()
        try await withClient(port: server.port, configure: { $0.silenceLimit = .seconds(60) }) { (client) async throws in
            try await client.set([1], to: [1])
            try await client.set([2], to: [2])
            server.freeze()
            let error = await redisError { try await client.send([Array("GET".utf8), [1]], timeout: .milliseconds(500)) }
            #expect(error?.code == .timedOut)
            #expect(error?.mayHaveExecuted == true)
            server.thaw()
            #expect(try await client.get([2]) == [2])
            #expect(try await client.info("stats")["total_connections_received"] == "1")
        }
    }

    @Test("a server that hangs is noticed: the connection is replaced, and commands fail at once meanwhile")
    func frozen() async throws {
        let server = try RedisServer()
        try await withClient(
            port: server.port,
            configure: {
                $0.commandTimeout = .milliseconds(20)
                $0.silenceLimit = .milliseconds(20)
                $0.connectTimeout = .milliseconds(100)
            }
        ) { (client) async throws in
            try await untilAvailable { try await client.connect() }
            server.freeze()
            var codes: Set<RedisError.Code> = []
            while !codes.contains(.unavailable) {
                try Task.checkCancellation()
                if let error = await redisError({ _ = try await client.get(key) }) { codes.insert(error.code) }
            }
            #expect(codes.isSubset(of: [.timedOut, .unavailable]))
            server.thaw()
            while (try? await client.get(key)) == nil, client.connectionState != .ready {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    @Test("after CLIENT KILL the next command has a new connection")
    func clientKill() async throws {
        let server = try RedisServer()
        try await withClient(port: server.port) { (victim) async throws in
            try await victim.set(key, to: [1])
            try await withClient(port: server.port) { (killer) async throws in
                try await killer.send(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"].map { Array($0.utf8) })
            }
            #expect(try await untilAvailable { try await victim.get(key) } == [1])
        }
    }
}
