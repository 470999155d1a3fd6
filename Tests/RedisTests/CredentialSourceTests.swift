import EventLoop
import Locked
import Logging
import TestSupport
import Testing

@testable import Redis

/// Credentials that are made for each connection.
@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(1)))
struct CredentialSourceTests {
    private let key = Array("key".utf8)
    private static let users = [
        "--user", "app", "on", ">one", ">two", ">three", "~*", "+@all", "-@dangerous", "--user", "default", "on", ">x", "~*", "+@all",
    ]

    @Test("each connection asks for its own")
    func eachConnection() async throws {
        let server = try RedisServer(options: Self.users)
        let source = Tokens(["one", "two"])
        try await withSource(source, port: server.port) { client in
            try await client.set(key, to: [1])
            #expect(source.asked == 1)
            try await Self.kill(server)
            #expect(try await untilAvailable { try await client.get(key) } == [1])
            #expect(source.asked == 2)
        }
    }

    @Test("what the source throws is told to the callers, and the next attempt asks again")
    func failure() async throws {
        let server = try RedisServer(options: Self.users)
        let source = Tokens(["", "one"])
        try await withSource(source, port: server.port) { client in
            let error = await redisError { _ = try await client.get(key) }
            #expect(error?.code == .authentication)
            #expect(error?.message == Tokens.none.message)
            while await redisError({ _ = try await client.get(key) }) != nil { try Task.checkCancellation() }
        }
    }

    @Test("a token that the server refuses is told as such, without it")
    func refused() async throws {
        let server = try RedisServer(options: Self.users)
        try await withSource(Tokens(["wrong-secret"]), port: server.port) { client in
            let error = await redisError { _ = try await client.get(key) }
            #expect(error?.code == .authentication)
            #expect(error?.message.contains("token") == true)
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("a client that is closed while its credentials are made is closed")
    func closedMeanwhile() async throws {
        let gate = Gate()
        let source = Tokens(["one"], gate: gate)
        try await withSource(source, port: 1) { client in
            let waiting = Task { await redisError { _ = try await client.get(self.key) } }
            try await gate.waitForArrivals(1)
            await client.close()
            gate.open()
            #expect(await waiting.value?.code == .closed)
        }
    }

    static func kill(_ server: RedisServer) async throws {
        try await withClient(port: server.port, configure: { $0.credentials = RedisCredentials(password: Array("x".utf8)) }) { client in
            try await client.send("CLIENT KILL USER app".split(separator: " ").map { Array($0.utf8) })
        }
    }
}

/// Hands out one password after the other, the last one again and again; an empty one is a failure.
final class Tokens: RedisCredentialSource {
    static let none = RedisError(.authentication, "There is no token.")

    let lifetime: Duration?
    private let gate: Gate?
    private let state: Observed<(passwords: [String], asked: Int)>

    init(_ passwords: [String], lifetime: Duration? = nil, gate: Gate? = nil) {
        self.lifetime = lifetime
        self.gate = gate
        self.state = Observed((passwords, 0))
    }

    var asked: Int { self.state.value.asked }

    func wait(until count: Int) async throws {
        try await self.state.wait { $0.asked >= count }
    }

    func credentials() async throws(RedisError) -> RedisCredentials {
        await self.gate?.pass()
        let password = self.state.change { state in
            state.asked += 1
            return state.passwords.count > 1 ? state.passwords.removeFirst() : state.passwords[0]
        }
        if password.isEmpty { throw Self.none }
        return RedisCredentials(user: Array("app".utf8), password: Array(password.utf8))
    }
}

/// Runs `body` with a client of this source, and closes it.
func withSource(_ source: Tokens, port: Int, _ body: (RedisClient) async throws -> Void) async throws {
    var configuration = RedisConfiguration(port: port)
    (configuration.commandTimeout, configuration.connectTimeout) = (.seconds(20), .seconds(20))
    (configuration.backoff.initial, configuration.backoff.maximum) = (.milliseconds(1), .milliseconds(1))
    let loop = try UVLoop()
    let client = RedisClient(loop: loop, configuration: configuration, logger: Logger(label: "test"), credentialSource: source)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(client))
    } catch {
        result = .failure(error)
    }
    await client.close()
    await loop.shutdown()
    try result.get()
}
