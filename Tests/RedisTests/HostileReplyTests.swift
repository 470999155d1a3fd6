import Redis
import TestSupport
import Testing

/// Replies that no sound server sends, and those at the edge of what one may send, over a real connection.
@Suite(.timeLimit(.minutes(1)))
struct HostileReplyTests {
    struct Hostile: Sendable, CustomTestStringConvertible {
        var name: String
        var reply: String
        var code: RedisError.Code
        /// Words of the sentence.
        var says: String
        /// Whether the server closes behind it; otherwise the client has to.
        var ends = false

        var testDescription: String { self.name }
    }

    private static func nested(_ depth: Int) -> String { String(repeating: "*1\r\n", count: depth) + ":1\r\n" }

    static let hostile: [Hostile] =
        [
            .init(name: "arrays too deep", reply: nested(9), code: .protocolViolation, says: "seven levels"),
            .init(name: "the header of a value of 512 MB", reply: "$536870912\r\n", code: .replyTooLarge, says: "maxReplyBytes"),
            .init(
                name: "a value of 512 MB within an array", reply: "*2\r\n:1\r\n$536870912\r\n", code: .replyTooLarge, says: "maxReplyBytes"),
            .init(name: "a thousand million elements", reply: "*1000000000\r\n", code: .replyTooLarge, says: "maxReplyElements"),
            .init(
                name: "as many, in nested arrays", reply: "*1000000\r\n*1000000\r\n", code: .replyTooLarge, says: "maxReplyElements"),
            .init(
                name: "a status without end", reply: "+" + String(repeating: "x", count: 80_000), code: .protocolViolation, says: "64 KB"),
            .init(name: "an integer beyond 64 bits", reply: ":9223372036854775808\r\n", code: .protocolViolation, says: "out of range"),
            .init(name: "a length beyond 64 bits", reply: "$99999999999999999999\r\n", code: .protocolViolation, says: "out of range"),
            .init(
                name: "a length near the largest integer", reply: "$9223372036854775807\r\n", code: .replyTooLarge, says: "maxReplyBytes"),
            .init(name: "a negative length", reply: "$-2\r\n", code: .protocolViolation, says: "out of range"),
            .init(name: "a negative count", reply: "*-2\r\n", code: .protocolViolation, says: "out of range"),
            .init(name: "an integer that is none", reply: ":1x\r\n", code: .protocolViolation, says: "out of range"),
            .init(name: "no integer at all", reply: ":\r\n", code: .protocolViolation, says: "out of range"),
            .init(
                name: "a web server", reply: "HTTP/1.1 400 Bad Request\r\n\r\n", code: .protocolViolation, says: "web server"),
            .init(name: "a TLS alert", reply: "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}F", code: .tls, says: "rediss://"),
            .init(name: "zeros", reply: "\0\0\0\0", code: .protocolViolation, says: "does not speak the Redis protocol"),
            .init(name: "half a value", reply: "$5\r\nab", code: .connectionLost, says: "before the reply", ends: true),
            .init(name: "half a line", reply: "+O", code: .connectionLost, says: "before the reply", ends: true),
            .init(name: "half an array", reply: "*2\r\n:1\r\n", code: .connectionLost, says: "before the reply", ends: true),
        ]
        // The types that RESP3 adds, alone and within an array.
        + ["%1\r\n", "~1\r\n", "_\r\n", "#t\r\n", ",1.5\r\n", "(12345\r\n", "=7\r\ntxt:abc\r\n", ">2\r\n", "!3\r\nERR\r\n"].flatMap {
            reply in
            ["", "*2\r\n:1\r\n"].map { start in
                Hostile(name: "RESP3: \(start)\(reply)", reply: start + reply, code: .protocolViolation, says: "RESP3")
            }
        }

    @Test("ends with a typed error in one sentence, the connection is replaced, and the next command is answered", arguments: hostile)
    func refused(hostile: Hostile) async throws {
        let closed = Event()
        let server = try LoopbackServer { peer, number in
            peer.greet()
            peer.read(until: "key\r\n")
            guard number == 1 else {
                peer.write("$2\r\nok\r\n")
                return peer.readToEnd()
            }
            peer.write(hostile.reply)
            if !hostile.ends { peer.readToEnd() }
            closed.happened()
        }
        try await withClient(port: server.port, configure: { $0.backoff.initial = .milliseconds(1) }) { (client) async throws in
            let key = Array("key".utf8)
            // No plain read: that one would be sent again.
            let error = await redisError { try await client.send([Array("GETEX".utf8), key]) }
            #expect(error?.code == hostile.code)
            #expect(error?.message.contains(hostile.says) == true)
            #expect(error?.message.split(separator: ". ").count == 1)
            #expect(error?.mayHaveExecuted == true)
            try await closed.wait()
            #expect(try await untilAvailable { try await client.get(key) } == Array("ok".utf8))
            #expect(server.accepted == 2)
        }
    }

    @Test("whoever sent commands before the hostile reply has the answers, whoever sent them after it the error")
    func others() async throws {
        let server = try LoopbackServer { peer, number in
            peer.greet()
            peer.read(until: "last\r\n")
            peer.write(number == 1 ? "$1\r\n1\r\n$1\r\n2\r\n$536870912\r\n" : "$1\r\n9\r\n")
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            try await client.connect()
            let answers = await withTaskGroup(of: (Int, Result<[UInt8]?, any Error>).self) { group in
                for index in 0..<5 {
                    group.addTask(executorPreference: client.loop) {
                        do {
                            return (index, .success(try await client.get(Array((index == 4 ? "last" : "key").utf8))))
                        } catch {
                            return (index, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: [Int: Result<[UInt8]?, any Error>]()) { $0[$1.0] = $1.1 }
            }
            #expect(try answers[0]?.get() == Array("1".utf8))
            #expect(try answers[1]?.get() == Array("2".utf8))
            for index in 2..<5 {
                #expect(throws: RedisError.self) { _ = try answers[index]?.get() }
            }
        }
    }

    private static let stream =
        "+OK\r\n:-9223372036854775808\r\n$-1\r\n$6\r\n\r\n$3\r\n\r\n" + nested(8)
        + "*4\r\n:1\r\n-ERR inside\r\n*0\r\n*-1\r\n-ERR alone\r\n$0\r\n\r\n"

    @Test("every kind of reply arrives whole, however the stream is cut", arguments: [1, 2, 3, 5, 1000])
    func anySplit(size: Int) async throws {
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            peer.read(until: "last\r\n")
            var rest = Array(Self.stream.utf8)[...]
            while !rest.isEmpty {
                peer.write(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            peer.readToEnd()
        }
        var deep = RedisReply.integer(1)
        for _ in 0..<8 { deep = .array([deep]) }
        let expected: [RedisReply?] = [
            .status("OK"), .integer(.min), .null, .bytes(Array("\r\n$3\r\n".utf8)), deep,
            .array([.integer(1), .error(RedisServerError(text: "ERR inside")), .array([]), .null]), nil, .bytes([]),
        ]
        try await withClient(port: server.port) { (client) async throws in
            try await client.connect()
            let replies = await withTaskGroup(of: (Int, RedisReply?).self) { group in
                for index in expected.indices {
                    group.addTask(executorPreference: client.loop) {
                        let name = index == expected.count - 1 ? "last" : "some"
                        return (index, try? await client.send([Array("GET".utf8), Array(name.utf8)]))
                    }
                }
                return await group.reduce(into: [Int: RedisReply?]()) { $0[$1.0] = $1.1 }
            }
            for (index, reply) in expected.enumerated() { #expect(replies[index] == reply) }
        }
    }

    @Test("a reply that nobody asked for ends the connection, and the next command is answered over a fresh one")
    func unasked() async throws {
        let closed = Event()
        let server = try LoopbackServer { peer, number in
            peer.greet()
            if number == 1 {
                peer.write("+surprise\r\n")
                peer.readToEnd()
                return closed.happened()
            }
            peer.read(until: "key\r\n")
            peer.write("$2\r\nok\r\n")
            peer.readToEnd()
        }
        try await withClient(port: server.port, configure: { $0.backoff.initial = .milliseconds(1) }) { (client) async throws in
            try await client.connect()
            try await closed.wait()
            #expect(try await untilAvailable { try await client.get(Array("key".utf8)) } == Array("ok".utf8))
            #expect(server.accepted == 2)
        }
    }

    @Test("an error reply leaves the connection as it is")
    func inlineErrors() async throws {
        let server = try LoopbackServer { peer, _ in
            peer.greet()
            for _ in 0..<2 {
                peer.read(until: "key\r\n")
                peer.write("-ERR Protocol error: too big inline request\r\n")
            }
            peer.readToEnd()
        }
        try await withClient(port: server.port) { (client) async throws in
            for _ in 0..<2 {
                let error = await redisError { _ = try await client.get(Array("key".utf8)) }
                #expect(error?.code == .refused)
                #expect(error?.underlying == "ERR")
            }
            #expect(server.accepted == 1)
        }
    }

    @Test(
        "a real server's arrays are read with seven levels of arrays in them; deeper ones cost their caller an error, and nobody else anything",
        .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)))
    func realNesting() async throws {
        try await withRedis { (client) async throws in
            func script(_ depth: Int) -> RedisScript {
                RedisScript("return " + String(repeating: "{", count: depth) + "1" + String(repeating: "}", count: depth))
            }
            var deep = RedisReply.integer(1)
            for _ in 0..<8 { deep = .array([deep]) }
            #expect(try await client.eval(script(8), keys: [], arguments: []) == deep)
            let error = await redisError { _ = try await client.eval(script(9), keys: [], arguments: []) }
            #expect(error?.code == .protocolViolation)
            #expect(error?.message.contains("seven") == true)
            #expect(try await untilAvailable { try await client.eval(script(8), keys: [], arguments: []) } == deep)
        }
    }
}
