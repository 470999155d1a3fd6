import EventLoop
import Glibc
import Locked
import TestSupport
import Testing

@testable import HTTP

/// A client on a loop of its own, shut down afterwards.
func withClient<Result>(
    _ options: HTTPOptions = HTTPOptions(), _ body: (HTTPClient, UVLoop) async throws -> Result
) async throws -> Result {
    let loop = try UVLoop()
    let client = HTTPClient(loop: loop, options: options)
    do {
        let result = try await body(client, loop)
        await loop.shutdown()
        return result
    } catch {
        await loop.shutdown()
        throw error
    }
}

/// The error of a call that must fail.
func failure(_ body: () async throws -> HTTPAnswer) async throws -> HTTPError {
    do {
        let answer = try await body()
        Issue.record("the call was answered with \(answer.status)")
        return HTTPError(.system, "")
    } catch let error as HTTPError {
        return error
    }
}

/// Compares outside of the macro, which does not accept typed errors inside of it.
func expect(
    _ expected: Int, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Int
) async throws {
    let value = try await body()
    #expect(value == expected, sourceLocation: sourceLocation)
}

@Suite("HTTP client", .timeLimit(.minutes(1)))
struct HTTPClientTests {
    @Test("a call arrives as it was made and nothing is added but Host and Content-Length")
    func roundTrip() async throws {
        let server = try HTTPLoopback { _ in .answer(201, [("X-Thing", "  spaced "), ("Empty", "")], "{\"a\":1}") }
        let answer = try await withClient { client, _ in
            let headers = HTTPHeaders([("X-Amz-Target", "T.Op"), ("Content-Type", "application/json"), ("X-Empty", "")])
            return try await client.send(
                HTTPCall(method: "POST", url: server.url + "/p?q=1", headers: headers, body: Array("{}".utf8)), deadline: .seconds(20))
        }
        #expect(answer.status == 201)
        #expect(answer.headers["x-tHING"] == "spaced")
        #expect(answer.headers["empty"] == "")
        #expect(answer.headers["missing"] == nil)
        #expect(String(decoding: answer.body, as: UTF8.self) == "{\"a\":1}")
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/p?q=1")
        #expect(String(decoding: request.body, as: UTF8.self) == "{}")
        let names = Set(request.headers.map(\.name))
        #expect(names == ["host", "x-amz-target", "content-type", "x-empty", "content-length"])
        #expect(request["host"] == "127.0.0.1:\(server.port)")
        #expect(request["x-empty"] == "")
    }

    @Test("calls of two methods in turns, to one address again and again and to others between, arrive where they were sent")
    func turns() async throws {
        let server = try HTTPLoopback { _ in .answer(200, [], "ok") }
        let calls = [
            ("GET", "/next"), ("POST", "/1/response"), ("GET", "/next"), ("POST", "/2/response"), ("GET", "/next"), ("GET", "/other"),
            ("GET", "/next"),
            ("GET", "/next"), ("POST", "/2/response"), ("POST", "/2/response"), ("PUT", "/2/response"), ("POST", "/3/response"),
            ("HEAD", "/next"),
            ("GET", "/next"),
        ]
        try await withClient { client, _ in
            for (method, path) in calls {
                // What cannot be sent leaves nothing behind, the first time and the second.
                for _ in 0..<2 where path == "/other" || method == "PUT" {
                    let wrong = HTTPCall(method: method, url: "http://[:/next")
                    let error = try await failure { try await client.send(wrong, deadline: .seconds(20)) }
                    #expect(error.code == .invalidCall && !error.requestMayHaveBeenSent)
                }
                let call = HTTPCall(method: method, url: server.url + path, body: method == "POST" ? Array(path.utf8) : [])
                try await expect(200) { try await client.send(call, deadline: .seconds(20)).status }
            }
        }
        #expect(server.requests.map { "\($0.method) \($0.target)" } == calls.map { "\($0) \($1)" })
        for request in server.requests where request.method == "POST" { #expect(request.body == Array(request.target.utf8)) }
    }

    @Test("calls of a method that has ended are cancelled, under way or not begun; those of others go on", arguments: [1, 64])
    func endedMethod(connections: Int) async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try HTTPLoopback { request in
            guard request.method == "GET" else { return .answer(200, [], "ok") }
            arrival.yield()
            return .silence
        }
        var options = HTTPOptions()
        options.maxConnections = connections
        try await withClient(options) { client, _ in
            let call = HTTPCall(method: "GET", url: server.url)
            async let first = failure { try await client.send(call, deadline: .seconds(50)) }
            for await _ in arrivals.prefix(1) {}
            // With one connection it waits for that.
            async let second = failure { try await client.send(call, deadline: .seconds(50)) }
            client.endCalls(of: "GET")
            #expect(try await [first.code, second.code] == [.cancelled, .cancelled])
            #expect(try await failure { try await client.send(call, deadline: .seconds(50)) }.code == .cancelled)
            let other = HTTPCall(method: "POST", url: server.url)
            try await expect(200) { try await client.send(other, deadline: .seconds(20)).status }
        }
    }

    @Test("fields arrive in their order with their values, also those that libcurl would add or leave out by itself")
    func fields() async throws {
        let server = try HTTPLoopback { _ in .answer(200, [], "") }
        let cases: [[(String, String)]] = [
            [("x-a", "1"), ("X-B", "2: 3"), ("amz-sdk-request", "ttl=1; max=4"), ("Authorization", "A b=c"), ("content-type", "t")],
            [("X-Empty", ""), ("x-a", "1"), ("AMZ-Also-Empty", ""), ("X-Last", "")],
            [("Authorization", "alone"), ("x-a", "1"), ("Accept", "text/plain"), ("x-b", "2"), ("Expect", "nothing"), ("x-a", "again")],
            [("x-colon", ":"), ("x-tab", "a\tb"), ("User-Agent", "u"), ("x", "short"), ("xy-z", "no extension"), ("am", "short")],
            [("x-only", "1")], [],
            // As long as the ones before, with other values, names, places of names and of ends; then without a value.
            [("x-a", "11"), ("x-bb", "22")], [("x-a", "33"), ("x-bb", "44")], [("x-c", "33"), ("x-dd", "44")],
            [("x-cc", "3"), ("x-dd", "44")],
            [("x-cc", "333"), ("x-dd", "4")], [("x-cc", "3"), ("x-dd", "555")], [("x-cc", "33"), ("x-dd", "55")],
            [("x-cc", ""), ("x-dd", "5555")],
            [("x-cc", ""), ("x-dd", "6666")], [("accept", "t"), ("x-d", "66")], [("x-bcde", "t"), ("x-d", "66")],
        ]
        try await withClient { client, _ in
            for fields in cases {
                let call = HTTPCall(method: "POST", url: server.url + "/", headers: HTTPHeaders(fields), body: [1])
                _ = try await client.send(call, deadline: .seconds(20))
            }
        }
        for (request, fields) in zip(server.requests, cases) {
            let received = request.headers.filter { !["host", "content-length"].contains($0.name) }
            #expect(received.map(\.name) == fields.map { $0.0.lowercased() })
            #expect(received.map(\.value) == fields.map(\.1))
        }
    }

    @Test("one handle serves every method after every other", arguments: [1, 4])
    func methods(connections: Int) async throws {
        let server = try HTTPLoopback { request in .answer(200, [], "\(request.method) \(request.body.count)") }
        var options = HTTPOptions()
        options.maxConnections = connections
        try await withClient(options) { client, _ in
            let methods = ["GET", "POST", "HEAD", "PUT", "GET", "DELETE", "POST", "PATCH", "HEAD", "GET"]
            for method in methods {
                let body = method == "GET" || method == "HEAD" ? [] : [UInt8](repeating: 1, count: 3)
                let answer = try await client.send(HTTPCall(method: method, url: server.url, body: body), deadline: .seconds(20))
                #expect(String(decoding: answer.body, as: UTF8.self) == (method == "HEAD" ? "" : "\(method) \(body.count)"))
            }
            let empty = try await client.send(HTTPCall(method: "POST", url: server.url), deadline: .seconds(20))
            #expect(empty.body == Array("POST 0".utf8))
        }
        #expect(server.connections == 1)
        #expect(server.requests.last?["content-length"] == "0")
    }

    @Test("connections are kept: a thousand calls, eight at a time, need eight connections at most")
    func keepAlive() async throws {
        let server = try HTTPLoopback { request in .answer(200, [], String(decoding: request.body, as: UTF8.self)) }
        var options = HTTPOptions()
        options.maxConnections = 8
        try await withClient(options) { client, loop in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<20 {
                    group.addTask(executorPreference: task % 2 == 0 ? loop : nil) {
                        for index in 0..<50 {
                            let body = Array("\(task)/\(index)".utf8)
                            let answer = try await client.send(
                                HTTPCall(method: "POST", url: server.url, body: body), deadline: .seconds(30))
                            #expect(answer.body == body)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(server.requests.count == 1000)
        #expect(server.connections <= 8)
    }

    @Test("a server that closes after each answer is asked on a new connection each time")
    func closing() async throws {
        let server = try HTTPLoopback { _ in .answer(200, [], "x", close: true) }
        try await withClient { client, _ in
            for _ in 0..<20 {
                let call = HTTPCall(method: "POST", url: server.url, body: [1], isRepeatable: false)
                try await expect(200) { try await client.send(call, deadline: .seconds(20)).status }
            }
        }
        #expect(server.connections == 20)
        #expect(server.requests.count == 20)
    }

    @Test("large bodies travel both ways, chunked answers and interim answers are understood")
    func bodies() async throws {
        let large = String(repeating: "0123456789abcdef", count: 1 << 17)
        let server = try HTTPLoopback { request in
            switch request.target {
            case "/chunked":
                .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n", .keep)
            case "/interim":
                .bytes("HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-B: 2\r\nContent-Length: 1\r\n\r\nz", .keep)
            case "/end":
                .bytes("HTTP/1.1 200 OK\r\n\r\nuntil the end", .close)
            default: .answer(200, [], String(decoding: request.body, as: UTF8.self))
            }
        }
        try await withClient { client, _ in
            let echo = try await client.send(HTTPCall(method: "PUT", url: server.url, body: Array(large.utf8)), deadline: .seconds(20))
            #expect(echo.body == Array(large.utf8))
            #expect(server.requests.last?["expect"] == nil, "no request waits for a permission to go on")
            let chunked = try await client.send(HTTPCall(method: "GET", url: server.url + "/chunked"), deadline: .seconds(20))
            #expect(chunked.body == Array("abcde".utf8))
            #expect(chunked.headers["x-trailer"] == nil)
            let interim = try await client.send(HTTPCall(method: "GET", url: server.url + "/interim"), deadline: .seconds(20))
            #expect(interim.headers["x-a"] == nil)
            #expect(interim.headers["x-b"] == "2")
            #expect(interim.body == Array("z".utf8))
            let ended = try await client.send(HTTPCall(method: "GET", url: server.url + "/end"), deadline: .seconds(20))
            #expect(ended.body == Array("until the end".utf8))
        }
    }

    @Test("a connection beyond its age is not used again; one within it is")
    func age() async throws {
        // The ages are whole seconds of libcurl's clock: the answers take the time.
        let server = try HTTPLoopback { request in
            if request.target == "/slow" { usleep(2_200_000) }
            return .answer(200)
        }
        for (age, connections) in [(Duration.seconds(1), 2), (.seconds(300), 3)] {
            var options = HTTPOptions()
            options.maxAge = age
            try await withClient(options) { client, _ in
                for target in ["/slow", "/"] {
                    try await expect(200) {
                        try await client.send(HTTPCall(method: "GET", url: server.url + target), deadline: .seconds(40)).status
                    }
                }
            }
            #expect(server.connections == connections)
        }
    }

    @Test("a redirect is an answer, not followed")
    func redirect() async throws {
        let server = try HTTPLoopback { _ in .answer(302, [("Location", "/elsewhere")]) }
        let answer = try await withClient { client, _ in
            try await client.send(HTTPCall(method: "GET", url: server.url), deadline: .seconds(20))
        }
        #expect(answer.status == 302)
        #expect(server.requests.count == 1)
    }
}
