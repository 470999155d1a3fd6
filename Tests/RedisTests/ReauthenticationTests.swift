import EventLoop
import TestSupport
import Testing

@testable import Redis

struct ReauthenticationMachineTests {
    @Test(
        "a connection authenticates again after ten to eleven twelfths of its time",
        arguments: [(0.0, 36_000), (0.5, 37_800), (1.0, 39_600)])
    func times(jitter: Double, seconds: Int) {
        var machine = ReauthenticationMachine(lifetime: .seconds(43_200), now: .seconds(5))
        #expect(machine.authenticated(now: .seconds(5), jitter: jitter) == .wait(.seconds(seconds)))
        #expect(machine.waited() == .authenticate)
        #expect(machine.authenticated(now: .seconds(50_000), jitter: jitter) == .wait(.seconds(seconds)))
    }

    @Test("without credentials it is tried again every five minutes, while there is time")
    func failures() {
        var machine = ReauthenticationMachine(lifetime: .seconds(43_200), now: .zero)
        _ = machine.authenticated(now: .zero, jitter: 1)
        #expect(machine.failed(now: .seconds(39_600)) == .wait(.seconds(300)))
        #expect(machine.failed(now: .seconds(42_599)) == .wait(.seconds(300)))
        #expect(machine.failed(now: .seconds(42_600)) == .retire)
        #expect(machine.failed(now: .seconds(50_000)) == .retire)
    }

    @Test("a refusal ends it at once")
    func refusal() {
        let machine = ReauthenticationMachine(lifetime: .seconds(43_200), now: .zero)
        #expect(machine.refused() == .retire)
    }
}

/// Live connections of users whose credentials do not last, on a real server.
@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(1)))
struct ReauthenticationTests {
    private static let users =
        ["--user", "app", "on", ">one", ">two", "~*", "+@all", "--user", "default", "on", ">x", "~*", "+@all"]

    @Test("a live connection authenticates again and again, and stays")
    func renewal() async throws {
        let server = try RedisServer(options: Self.users)
        let source = Tokens(["one", "two", "one", "two"], lifetime: .milliseconds(120))
        try await withSource(source, port: server.port) { client in
            let id = try await client.send(["CLIENT", "ID"].map { Array($0.utf8) })
            try await source.wait(until: 4)
            #expect(try await client.send(["CLIENT", "ID"].map { Array($0.utf8) }) == id)
            #expect(try await client.send(["ACL", "WHOAMI"].map { Array($0.utf8) }) == .bytes(Array("app".utf8)))
        }
    }

    @Test("a connection whose new credentials are refused is replaced, and no command of 64 tasks is lost", arguments: [false, true])
    func refusal(isSourceFailing: Bool) async throws {
        let server = try RedisServer(options: Self.users)
        let bad = isSourceFailing ? "" : "wrong"
        // More failures than fit into the 40 ms that are left at most, one each 2 ms, so that the connection goes.
        let source = Tokens(["one"] + [String](repeating: bad, count: isSourceFailing ? 40 : 1) + ["two"], lifetime: .milliseconds(240))
        try await withSource(source, port: server.port) { client in
            let first = try await client.send(["CLIENT", "ID"].map { Array($0.utf8) })
            let isReplaced = Observed(false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    group.addTask(executorPreference: client.loop) {
                        let key = Array("counter:\(number)".utf8)
                        var count = 0
                        while !isReplaced.value || count < 50 {
                            try Task.checkCancellation()
                            do {
                                count += 1
                                let reply = try await client.send([Array("INCR".utf8), key])
                                #expect(reply == .integer(Int64(count)), "neither lost nor done twice")
                            } catch let error as RedisError where isSourceFailing && error == Tokens.none {
                                // The attempts at another connection that found no credentials either.
                                count -= 1
                                await Task.yield()
                            }
                            if count % 50 == 0, let id = try? await client.send(["CLIENT", "ID"].map({ Array($0.utf8) })), id != first {
                                isReplaced.change { $0 = true }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
