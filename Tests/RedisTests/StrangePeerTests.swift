import EventLoop
import Logging
import Redis
import TestSupport
import Testing

/// What a peer can do that no redis-server does.
@Suite(.timeLimit(.minutes(1)))
struct StrangePeerTests {
    @Test(
        "a peer that is no Redis, or a broken one, gives a typed error and a fresh connection",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\n\r\n", RedisError.Code?.some(.protocolViolation)),
            ("$1\r\n1\r\n$1\r\n2\r\n", .protocolViolation),
            // A read that was lost is sent again.
            ("$5\r\nabc", nil),
            ("", nil),
            ("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", .protocolViolation),
            ("$100000\r\n\(String(repeating: "x", count: 5000))", .replyTooLarge),
            ("*1\r\n:1\r\n", .unexpectedReply),
            (":1\r\n", .unexpectedReply),
        ])
    func brokenReplies(reply: String, code: RedisError.Code?) async throws {
        let server = try LoopbackServer { peer, number in
            peer.greet()
            peer.read(until: "key\r\n")
            if number == 1 {
                // A connection that has answered a command is replaced without a pause, in which the read could not be sent again.
                peer.write("$2\r\nok\r\n")
                peer.read(until: "key\r\n")
                peer.write(reply)
                return
            }
            while true {
                peer.write("$2\r\nok\r\n")
                if !peer.read(until: "key\r\n") { return }
            }
        }
        try await withClient(
            port: server.port,
            configure: {
                $0.maxReplyBytes = 4000
                $0.backoff.initial = .milliseconds(1)
            }
        ) { (client) async throws in
            let key = Array("key".utf8)
            // A second reply in the same packet is one that nobody asked for: the first still reaches its caller.
            let unsolicited = reply.hasPrefix("$1\r\n1")
            #expect(try await client.get(key) == Array("ok".utf8))
            let first = await redisError { _ = try await client.get(key) }
            #expect(first?.code == (unsolicited ? nil : code))
            #expect(try await untilAvailable { try await client.get(key) } == Array("ok".utf8))
        }
    }

    @Test("a web server at the address is told as such while greeting")
    func webServer() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.read()
            peer.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        }
        try await withClient(port: server.port) { (client) async throws in
            for _ in 0..<2 {
                let error = await redisError { _ = try await client.get([1]) }
                #expect(error?.code == .protocolViolation)
                #expect(error?.message.contains("host and port") == true)
                #expect(error?.mayHaveExecuted == false)
            }
        }
    }

    @Test("a half-open socket is replaced, and the next command is answered over the new one")
    func halfOpen() async throws {
        let ended = Event()
        let server = try LoopbackServer { peer, number in
            peer.greet()
            while number > 1, peer.read(until: "key\r\n") { peer.write("$2\r\nok\r\n") }
            peer.readToEnd()
            if number == 1 { ended.happened() }
        }
        try await withClient(
            port: server.port,
            configure: {
                $0.silenceLimit = .milliseconds(20)
                $0.backoff.initial = .milliseconds(1)
            }
        ) { (client) async throws in
            try await client.connect()
            let key = Array("key".utf8)
            let error = await redisError { try await client.send([Array("GET".utf8), key], timeout: .milliseconds(1)) }
            #expect(error?.code == .timedOut)
            try await ended.wait()
            #expect(try await untilAvailable { try await client.get(key) } == Array("ok".utf8))
            #expect(server.accepted == 2)
        }
    }

    @Test("commands above the limit are refused as overload, and the others are answered")
    func overload() async throws {
        let arrived = Event()
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "held1\r\n")
            arrived.happened()
            peer.read(until: "held2\r\n")
            arrived.happened()
            peer.read(until: "go\r\n")
            peer.write("$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n")
            peer.readToEnd()
        }
        try await withClient(
            port: server.port,
            configure: {
                $0.maxInFlight = 2; $0.maxQueuedBytes = 2048
            }
        ) { (client) async throws in
            let first = Task { try await client.get(Array("held1".utf8)) }
            try await arrived.wait()
            let second = Task { try await client.get(Array("held2".utf8)) }
            try await arrived.wait(times: 2)
            let error = await redisError { _ = try await client.get([9]) }
            #expect(error?.code == .overloaded)
            #expect(error?.mayHaveExecuted == false)
            let large = await redisError { try await client.set([9], to: [UInt8](repeating: 0, count: 3000)) }
            #expect(large?.code == .overloaded)
            // Leaving frees nothing: the server still owes the reply.
            second.cancel()
            #expect(await redisError { _ = try await second.value }?.code == .cancelled)
            #expect(await redisError { _ = try await client.get([9]) }?.code == .overloaded)
            first.cancel()
        }
    }

    @Test("a command larger than the limit is refused")
    func tooLarge() async throws {
        try await withClient(port: 1, configure: { $0.maxQueuedBytes = 2048 }) { (client) async throws in
            let error = await redisError { try await client.set([9], to: [UInt8](repeating: 0, count: 3000)) }
            #expect(error?.code == .invalidCommand)
        }
    }

    @Test("when nobody listens commands fail with what to check, and attempts are few")
    func nobodyListens() async throws {
        let port = try freePort()
        try await withClient(port: port) { (client) async throws in
            for _ in 0..<100 {
                let error = await redisError { _ = try await client.get([1]) }
                #expect(error?.code == .unavailable)
                #expect(error?.underlying == "Connection refused")
                #expect(error?.retryAdvice == .afterPause)
            }
        }
    }

    @Test("a host name without an address says so")
    func unknownHost() async throws {
        try await withClient(port: 1, configure: { $0.host = "no-such-host.invalid" }) { (client) async throws in
            let error = await redisError { _ = try await client.get([1]) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("resolved") == true)
        }
    }

    @Test("a peer that accepts and says nothing is given up at the connect deadline")
    func connectDeadline() async throws {
        let server = try LoopbackServer { peer, _ in peer.readToEnd() }
        try await withClient(port: server.port, configure: { $0.connectTimeout = .milliseconds(20) }) { (client) async throws in
            let error = await redisError { _ = try await client.get([1]) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("connectTimeout") == true)
        }
    }

    @Test("whoever waits when the client is closed, or its loop shut down, is told so; later callers too", arguments: [true, false])
    func closing(byLoop: Bool) async throws {
        let arrived = Event()
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "held\r\n")
            arrived.happened()
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            let waiting = Task { await redisError { _ = try await client.get(Array("held".utf8)) } }
            try await arrived.wait()
            if byLoop { await client.loop.shutdown() } else { await client.close() }
            #expect(await waiting.value?.code == .closed)
            #expect(await waiting.value?.mayHaveExecuted == true)
            #expect(await redisError { _ = try await client.get([1]) }?.code == .closed)
            #expect(client.connectionState == .closed)
        }
    }

    @Test("a client on a loop that was shut down before its first command is closed")
    func deadLoop() async throws {
        try await withClient(port: 1) { (client) async throws in
            await client.loop.shutdown()
            #expect(await redisError { _ = try await client.get([1]) }?.code == .closed)
        }
    }

    @Test("a configuration that cannot work is told by each command")
    func misconfigured() async throws {
        try await withClient(port: 0) { (client) async throws in
            #expect(await redisError { _ = try await client.get([1]) }?.code == .invalidConfiguration)
        }
    }

    @Test("a client that is forgotten leaves no connection behind")
    func forgotten() async throws {
        let ended = Event()
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.readToEnd()
            ended.happened()
        }
        let loop = try UVLoop()
        var client: RedisClient? = RedisClient(
            loop: loop, configuration: RedisConfiguration(port: server.port), logger: Logger(label: "test"))
        try await client?.connect()
        client = nil
        try await ended.wait()
        await loop.shutdown()
    }
}
