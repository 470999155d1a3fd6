import Redis
import TestSupport
import Testing

/// What the network between a client and a real redis-server can do.
@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct RedisNetworkFaultTests {
    private let key = Array("key".utf8)

    @Test("replies and commands that arrive byte by byte are whole")
    func byteSplit() async throws {
        try await withProxiedRedis { (client, proxy) async throws in
            await proxy.set(.split(1))
            let value = (0..<2000).map { UInt8(truncatingIfNeeded: $0) }
            try await client.set(key, to: value)
            try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                for number in 0..<20 {
                    group.addTask { try await client.get(number.isMultiple(of: 2) ? self.key : Array("none".utf8)) }
                }
                let answers = try await group.reduce(into: []) { $0.append($1) }
                #expect(answers.filter { $0 == value }.count == 10)
                #expect(answers.filter { $0 == nil }.count == 10)
            }
            #expect(proxy.counts.accepted == 1)
        }
    }

    @Test("a read whose reply is cut is sent again over the next connection")
    func cutRead() async throws {
        try await withProxiedRedis { (client, proxy) async throws in
            let value = [UInt8](repeating: 1, count: 100)
            try await client.set(key, to: value)
            await proxy.set(.cutReply(after: 50))
            #expect(try await client.get(key) == value)
            #expect(proxy.counts.accepted == 2)
        }
    }

    @Test("a reply that is cut is an error for its caller and those behind it, and the next command has a new connection")
    func cutMidReply() async throws {
        try await withProxiedRedis { (client, proxy) async throws in
            try await client.set(key, to: [UInt8](repeating: 1, count: 100))
            await proxy.set(.cutReply(after: 50))
            let errors = await withTaskGroup(of: RedisError?.self) { group in
                for _ in 0..<5 { group.addTask { await redisError { try await client.send([Array("GETEX".utf8), self.key]) } } }
                return await group.reduce(into: [RedisError?]()) { $0.append($1) }
            }
            // Commands that came after the cut found a new connection.
            let lost = errors.compactMap { $0 }
            #expect(!lost.isEmpty)
            for error in lost { #expect(error.code == .connectionLost && error.mayHaveExecuted, "\(error) \(error.mayHaveExecuted)") }
            #expect(try await untilAnswered { try await client.get(key) } == [UInt8](repeating: 1, count: 100))
        }
    }

    @Test("a half-open connection is replaced: its callers time out, later ones are answered")
    func halfOpen() async throws {
        try await withProxiedRedis(configure: { $0.silenceLimit = .milliseconds(20) }) { (client, proxy) async throws in
            try await client.set(key, to: [1])
            await proxy.set(.halfOpen)
            let error = await redisError { try await client.send([Array("GET".utf8), key], timeout: .milliseconds(1)) }
            #expect(error?.code == .timedOut)
            await proxy.set(.none)
            #expect(try await untilAnswered { try await client.get(key) } == [1])
            try await proxy.wait { $0.accepted >= 2 && $0.open == 1 }
        }
    }

    @Test("a command whose reply is lost may have been executed, and its caller is told so")
    func lostReply() async throws {
        try await withProxiedRedis(configure: { $0.silenceLimit = .milliseconds(20) }) { (client, proxy) async throws in
            try await client.set(key, to: [1])
            await proxy.set(.losingReplies)
            let error = await redisError {
                try await client.send([Array("SET".utf8), key, [2]], timeout: .milliseconds(500))
            }
            #expect(error?.code == .timedOut)
            #expect(error?.mayHaveExecuted == true)
            await proxy.set(.none)
            #expect(try await untilAnswered { try await client.get(key) } == [2])
        }
    }

    @Test("refused connections fail at once and are not tried on each command; afterwards the next is answered")
    func refuse() async throws {
        try await withProxiedRedis(configure: { $0.backoff.maximum = .milliseconds(1) }) { (client, proxy) async throws in
            try await client.set(key, to: [1])
            await proxy.set(.refuse)
            for number in 0..<100 {
                let error = await redisError { _ = try await client.get(key) }
                #expect(error?.code == .unavailable || (number == 0 && error?.code == .connectionLost))
            }
            await proxy.set(.none)
            #expect(try await untilAnswered { try await client.get(key) } == [1])
            #expect(proxy.counts.accepted == 2)
        }
    }

    @Test("a server that reads slowly gets every command whole, and whoever cannot wait leaves the rest unharmed")
    func slowRead() async throws {
        try await withProxiedRedis(configure: { $0.silenceLimit = .seconds(20) }) { (client, proxy) async throws in
            try await client.set(key, to: [1])
            await proxy.set(.slowRead(1000, every: .seconds(600)))
            let before = proxy.counts.requestBytes
            let large = [UInt8](repeating: 5, count: 12_000_000)
            let writing = Task { _ = try await client.set(key, to: large) }
            try await proxy.wait { $0.requestBytes > before }
            let impatient = await redisError { try await client.send([Array("GET".utf8), key], timeout: .milliseconds(50)) }
            #expect(impatient?.code == .timedOut)
            await proxy.set(.none)
            try await writing.value
            #expect(isSame(try await client.get(key), large))
            #expect(proxy.counts.accepted == 1)
        }
    }
}

/// Runs `body` with a client of a fresh redis-server behind a proxy, and ends all three.
private func withProxiedRedis(
    configure: (inout RedisConfiguration) -> Void = { _ in }, _ body: (RedisClient, FaultProxy) async throws -> Void
) async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.port)
    try await withClient(
        port: proxy.port,
        configure: {
            $0.backoff.initial = .milliseconds(1)
            configure(&$0)
        }
    ) { (client) async throws in try await body(client, proxy) }
    server.kill()
}

/// Calls `body` until the client has its new connection; with a pause of a millisecond between attempts that is soon.
private func untilAnswered<Value>(_ body: () async throws -> Value) async throws -> Value {
    while true {
        try Task.checkCancellation()
        do {
            return try await body()
        } catch let error as RedisError where [.unavailable, .connectionLost, .timedOut].contains(error.code) {
            await Task.yield()
        }
    }
}
