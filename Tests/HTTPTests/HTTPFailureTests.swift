import EventLoop
import Locked
import TestSupport
import Testing

@testable import HTTP

@Suite("HTTP client: what goes wrong", .timeLimit(.minutes(1)))
struct HTTPFailureTests {
    private static func post(_ url: String, repeatable: Bool = false) -> HTTPCall {
        HTTPCall(method: "POST", url: url, body: Array("{}".utf8), isRepeatable: repeatable)
    }

    @Test(
        "a cut or senseless answer is a typed error, and the next call works",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", HTTPLoopback.End.close, HTTPError.Code.reset),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .halfClose, .reset),
            ("HTTP/1.1 200 OK\r\nContent-Len", .close, .reset), ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .reset, .reset),
            ("", .close, .reset), ("", .halfClose, .reset), ("", .reset, .reset),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", .close, .reset), ("+PONG\r\n", .close, .malformedAnswer),
            ("SSH-2.0-OpenSSH\r\n", .keep, .malformedAnswer), ("HTTP/7.3 banana\r\n\r\n", .close, .malformedAnswer),
            ("\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}", .close, .malformedAnswer),
        ])
    func badAnswers(text: String, end: HTTPLoopback.End, code: HTTPError.Code) async throws {
        let server = try HTTPLoopback { request in request.number == 1 ? .bytes(text, end) : .answer(200, [], "ok") }
        try await withClient { client, _ in
            let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(20)) }
            #expect(error.code == code, "\(error)")
            #expect(error.requestMayHaveBeenSent)
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
        }
    }

    @Test("a server that never answers costs the deadline and no more", arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"])
    func noAnswer(text: String) async throws {
        let server = try HTTPLoopback { request in request.number == 2 ? .bytes(text, .keep) : .answer(200) }
        try await withClient { client, _ in
            // With a connection at hand the request is sent at once, also on a busy machine.
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
            let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(3)) }
            #expect(error.code == .timedOut)
            #expect(error.requestMayHaveBeenSent)
            // The connection on which an answer may still come was closed, not kept.
            try await server.ended(1)
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
        }
    }

    @Test("nobody listening, no such host, no time: nothing was sent")
    func unreachable() async throws {
        let port = try freePort()
        try await withClient { client, _ in
            let refused = try await failure { try await client.send(Self.post("http://127.0.0.1:\(port)"), deadline: .seconds(20)) }
            #expect(refused.code == .connect)
            #expect(!refused.requestMayHaveBeenSent)
            let unknown = try await failure { try await client.send(Self.post("http://no-such-host.invalid/"), deadline: .seconds(20)) }
            #expect(unknown.code == .resolve || unknown.code == .timedOut)
            #expect(!unknown.requestMayHaveBeenSent)
            let late = try await failure { try await client.send(Self.post("http://127.0.0.1:\(port)"), deadline: .zero) }
            #expect(late.code == .timedOut)
            #expect(!late.requestMayHaveBeenSent)
        }
    }

    @Test("TLS to a server that does not speak it is a TLS error, and nothing of the request was sent")
    func tls() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.read()
            peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        }
        try await withClient { client, _ in
            let error = try await failure { try await client.send(Self.post("https://127.0.0.1:\(server.port)"), deadline: .seconds(20)) }
            #expect(error.code == .tls)
            #expect(!error.requestMayHaveBeenSent)
        }
    }

    @Test("an answer above the limit ends the transfer", arguments: [true, false])
    func tooLarge(announced: Bool) async throws {
        let body = String(repeating: "x", count: 300_000)
        let server = try HTTPLoopback { _ in
            announced ? .answer(200, [], body) : .bytes("HTTP/1.1 200 OK\r\n\r\n" + body, .close)
        }
        var options = HTTPOptions()
        options.maxAnswerBytes = 200_000
        try await withClient(options) { client, _ in
            let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(20)) }
            #expect(error.code == .tooLarge)
            #expect(error.requestMayHaveBeenSent)
        }
    }

    @Test("a compressed answer is refused before it is read; the next call works", arguments: ["gzip", "br", "identity, deflate", "GZIP"])
    func compressed(coding: String) async throws {
        let server = try HTTPLoopback { request in
            request.number == 1
                ? .bytes("HTTP/1.1 200 OK\r\ncontent-ENCODING: \(coding)\r\nContent-Length: 900000000\r\n\r\nxx", .keep)
                : .answer(200, [("Content-Encoding", "identity"), ("content-encoded", "gzip")], "plain")
        }
        try await withClient { client, _ in
            let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(20)) }
            #expect(error.code == .malformedAnswer)
            #expect(error.message.contains("compressed"))
            #expect(error.requestMayHaveBeenSent)
            let answer = try await client.send(Self.post(server.url), deadline: .seconds(20))
            #expect(answer.body == Array("plain".utf8))
        }
    }

    @Test("endless header fields end the transfer")
    func tooManyHeaders() async throws {
        let fields = String(repeating: "X-Field: \(String(repeating: "y", count: 1000))\r\n", count: 200)
        let server = try HTTPLoopback { _ in .bytes("HTTP/1.1 200 OK\r\n" + fields, .close) }
        try await withClient { client, _ in
            let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(20)) }
            #expect(error.code == .tooLarge)
        }
    }

    @Test("a kept connection that the server drops with the request: repeated when it may be, an error when it must not be")
    func deadConnection() async throws {
        // Every connection's second request is answered by its end.
        let seen = Locked<[Int: Int]>([:])
        let server = try HTTPLoopback { request in
            let count = seen.withLock { seen in
                seen[request.connection, default: 0] += 1
                return seen[request.connection]!
            }
            return count == 1 ? .answer(200, [], "ok") : .bytes("", .close)
        }
        try await withClient { client, _ in
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
            try await expect(200) { try await client.send(Self.post(server.url, repeatable: true), deadline: .seconds(20)).status }
            #expect(server.requests.count == 3)
            let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(20)) }
            #expect(error.code == .reset)
            #expect(error.requestMayHaveBeenSent)
            #expect(server.requests.count == 4)
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
        }
    }

    @Test("a connection that the server closed while idle is not used, and costs nothing")
    func idleClose() async throws {
        let server = try HTTPLoopback { request in
            request.number == 1 ? .bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .close) : .answer(200)
        }
        try await withClient { client, _ in
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
            try await server.ended(1)
            try await expect(200) { try await client.send(Self.post(server.url), deadline: .seconds(20)).status }
        }
        #expect(server.connections == 2)
    }

    @Test("a cancelled caller gets its error at once and frees the transfer and its connection")
    func cancelled() async throws {
        let server = try HTTPLoopback { request in request.target == "/wait" ? .silence : .answer(200) }
        var options = HTTPOptions()
        options.maxConnections = 1
        try await withClient(options) { client, _ in
            let running = Task { try await client.send(Self.post(server.url + "/wait"), deadline: .seconds(50)) }
            try await server.received(1)
            let waiting = Task { try await client.send(Self.post(server.url), deadline: .seconds(50)) }
            let leaving = Task { try await client.send(Self.post(server.url), deadline: .seconds(50)) }
            leaving.cancel()
            let left = try await failure { try await leaving.value }
            #expect(left.code == .cancelled)
            #expect(!left.requestMayHaveBeenSent)
            running.cancel()
            let error = try await failure { try await running.value }
            #expect(error.code == .cancelled)
            #expect(error.requestMayHaveBeenSent)
            try await expect(200) { try await waiting.value.status }
            try await server.ended(1)
        }
    }

    @Test("a task cancelled before it calls sends nothing")
    func cancelledBefore() async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        try await withClient { client, _ in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.send(Self.post(server.url), deadline: .seconds(20))
            }
            let error = try await failure { try await task.value }
            #expect(error.code == .cancelled)
        }
        #expect(server.requests.isEmpty)
    }

    @Test("beyond connections and queue a call is refused, and the queue's deadlines hold")
    func overloaded() async throws {
        let server = try HTTPLoopback { _ in .silence }
        var options = HTTPOptions()
        options.maxConnections = 1
        options.maxQueued = 1
        try await withClient(options) { client, loop in
            let running = Task(executorPreference: loop) { try await client.send(Self.post(server.url), deadline: .seconds(50)) }
            try await server.received(1)
            let queued = Task(executorPreference: loop) { try await client.send(Self.post(server.url), deadline: .seconds(3)) }
            let refused = Task(executorPreference: loop) { try await client.send(Self.post(server.url), deadline: .seconds(50)) }
            let error = try await failure { try await refused.value }
            #expect(error.code == .overloaded)
            let late = try await failure { try await queued.value }
            #expect(late.code == .timedOut)
            #expect(!late.requestMayHaveBeenSent)
            running.cancel()
            _ = try await failure { try await running.value }
        }
        #expect(server.requests.count == 1)
    }

    @Test("the loop's shutdown ends running and waiting calls once, and later ones at once")
    func shutdown() async throws {
        let server = try HTTPLoopback { _ in .silence }
        let loop = try UVLoop()
        var options = HTTPOptions()
        options.maxConnections = 2
        let client = HTTPClient(loop: loop, options: options)
        let tasks = (0..<6).map { _ in Task { try await client.send(Self.post(server.url), deadline: .seconds(50)) } }
        try await server.received(2)
        await loop.shutdown()
        for task in tasks {
            let error = try await failure { try await task.value }
            #expect(error.code == .closed)
        }
        let error = try await failure { try await client.send(Self.post(server.url), deadline: .seconds(50)) }
        #expect(error.code == .closed)
        await client.close()
        try await server.ended(2)
    }

    @Test("a closed client ends its calls and refuses others, while the loop goes on")
    func close() async throws {
        let server = try HTTPLoopback { _ in .silence }
        try await withClient { client, loop in
            let task = Task { try await client.send(Self.post(server.url), deadline: .seconds(50)) }
            try await server.received(1)
            await client.close()
            await client.close()
            let error = try await failure { try await task.value }
            #expect(error.code == .closed)
            #expect(error.requestMayHaveBeenSent)
            try await server.ended(1)
            try await loop.sleep(for: .zero)
        }
    }

    @Test(
        "what cannot be sent is refused before anything is connected",
        arguments: [
            "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "", "http://", "http://h h/", "http://h/\r\nX: y", "http://h/\u{e4}",
        ])
    func invalidURL(url: String) async throws {
        let error = try await withClient { client, _ in try await failure { try await client.send(Self.post(url), deadline: .seconds(20)) }
        }
        #expect(error.code == .invalidCall)
        #expect(!error.requestMayHaveBeenSent)
    }

    @Test("a header or method that would start another line is refused")
    func injection() async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        try await withClient { client, _ in
            for (name, value) in [("X", "a\r\nY: b"), ("X\nY", "a"), ("X: Y", "a"), ("", "a"), ("X", "a\u{0}b"), ("X;", "")] {
                let call = HTTPCall(method: "GET", url: server.url, headers: HTTPHeaders([(name, value), ("After", "1")]))
                let error = try await failure { try await client.send(call, deadline: .seconds(20)) }
                #expect(error.code == .invalidCall)
            }
            for method in ["", "get", "GET / HTTP/1.1\r\nX:"] {
                let call = HTTPCall(method: method, url: server.url)
                let error = try await failure { try await client.send(call, deadline: .seconds(20)) }
                #expect(error.code == .invalidCall)
            }
            try await expect(200) { try await client.send(HTTPCall(method: "GET", url: server.url), deadline: .seconds(20)).status }
        }
        #expect(server.requests.count == 1)
    }
}
