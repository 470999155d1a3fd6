import EventLoop
import HTTP
import Locked
import TestSupport
import Testing

@testable import AWS

private let keys = AWSCredentials(accessKeyID: "AKIDTEST", secretAccessKey: "secret-of-test", sessionToken: "token-of-test")

/// The system's clock without jitter: retries follow at once.
private let hurried = AWSClock(seconds: { 1_440_938_160 }, uptime: AWSClock.system.uptime, random: { 0 })

private func withService<Result>(
    _ server: HTTPLoopback, credentials: CredentialChain? = nil, clock: AWSClock = hurried,
    retry: RetryPolicy = RetryPolicy(), onServerDate: @escaping @Sendable (Int64) -> Void = { _ in },
    _ body: (AWSServiceClient, UVLoop) async throws -> Result
) async throws -> Result {
    let loop = try UVLoop()
    var configuration = AWSServiceConfiguration(
        service: "dynamodb", region: "eu-central-1", endpoint: try AWSEndpoint(url: server.url))
    configuration.retry = retry
    let client = try AWSServiceClient(
        configuration: configuration, http: HTTPClient(loop: loop), loop: loop,
        credentials: credentials ?? CredentialChain([StaticCredentials(keys)], now: { 0 }), clock: clock, onServerDate: onServerDate)
    do {
        let result = try await body(client, loop)
        await loop.shutdown()
        return result
    } catch {
        await loop.shutdown()
        throw error
    }
}

private func call(retryAfterSent: Bool = true) -> AWSCall {
    AWSCall(target: "DynamoDB_20120810.GetItem", body: Array("{}".utf8), retryAfterSent: retryAfterSent)
}

private func failure(_ body: () async throws -> HTTPAnswer) async throws -> AWSError {
    do {
        let answer = try await body()
        Issue.record("the call was answered with \(answer.status)")
        return AWSError(.crypto, "")
    } catch let error as AWSError {
        return error
    }
}

@Suite("AWS service client", .timeLimit(.minutes(1)))
struct AWSServiceClientTests {
    @Test("a call is a signed POST, and the answer's date is reported")
    func signed() async throws {
        let server = try HTTPLoopback { _ in .answer(200, [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], "{\"ok\":true}") }
        let dates = Locked<[Int64]>([])
        let answer = try await withService(server, onServerDate: { date in dates.withLock { $0.append(date) } }) { client, _ in
            try await client.call(call(), deadline: .seconds(20))
        }
        #expect(answer.body == Array("{\"ok\":true}".utf8))
        #expect(dates.withLock { $0 } == [784_111_777])
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/")
        #expect(request["x-amz-target"] == "DynamoDB_20120810.GetItem")
        #expect(request["content-type"] == "application/x-amz-json-1.0")
        #expect(request["x-amz-date"] == "20150830T123600Z")
        #expect(request["x-amz-security-token"] == "token-of-test")
        #expect(request["host"] == "127.0.0.1:\(server.port)")
        // What was signed is what arrived: a signer fed with the received fields comes to the same signature.
        var received = HTTPHeaders(request.headers.filter { $0.name != "content-length" }.map { ($0.name, $0.value) })
        received.remove("authorization")
        let signer = try Signer(service: "dynamodb", region: "eu-central-1")
        let expected = try signer.authorization(
            of: SigningRequest(method: "POST", path: "/", headers: received, payload: .bytes(request.body)), with: keys,
            at: SigningDate(seconds: 1_440_938_160))
        #expect(request["authorization"] == String(decoding: expected, as: UTF8.self))
    }

    @Test(
        "an error body is a typed error with code, status, request id and outcome",
        arguments: [
            ("{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\",\"message\":\"No table\\nAKIDTEST\"}", "No table"),
            ("{\"__type\":\"ResourceNotFoundException\",\"Message\":\"No table\"}", "No table"),
        ])
    func errorBody(body: String, message: String) async throws {
        let server = try HTTPLoopback { _ in .answer(400, [("x-amzn-RequestId", "R1")], body) }
        let error = try await withService(server) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.kind == .service)
        #expect(error.code == "ResourceNotFoundException")
        #expect(error.message == message)
        #expect(error.status == 400)
        #expect(error.requestID == "R1")
        #expect(error.attempts == 1)
        #expect(!error.isThrottling)
        #expect(error.outcome == .refused)
        #expect(error.body == Array(body.utf8))
        #expect(!"\(error)".contains("AKIDTEST"))
    }

    @Test("an error without a JSON body has its code from the header, or its status")
    func foreignErrors() {
        let header = HTTPAnswer(
            status: 400, headers: HTTPHeaders([("X-Amzn-ErrorType", "ValidationException:http://x/")]), body: Array("<html>".utf8))
        #expect(AWSError(header, attempts: 1).code == "ValidationException")
        let bare = AWSError(HTTPAnswer(status: 403, body: [0xff, 0x00]), attempts: 1)
        #expect(bare.code == "HTTP403")
        #expect(bare.outcome == .refused)
        #expect(AWSError(HTTPAnswer(status: 502), attempts: 1).outcome == .unknown)
        #expect(AWSError(HTTPAnswer(status: 302), attempts: 1).outcome == .unknown)
        let strange = HTTPAnswer(status: 400, body: Array("{\"__type\":\"a b\\n\"}".utf8))
        #expect(AWSError(strange, attempts: 1).code == "HTTP400")
    }

    @Test(
        "wrong credentials say what to check",
        arguments: ["UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "AccessDeniedException"])
    func denied(code: String) async throws {
        let server = try HTTPLoopback { _ in .answer(400, [], "{\"__type\":\"x#\(code)\",\"message\":\"No.\"}") }
        let error = try await withService(server) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.isAccessDenied)
        #expect(error.message.count > "No.".count)
        #expect(server.requests.count == 1)
    }

    @Test("throttling and 5xx are retried, each attempt signed anew, until it works")
    func retries() async throws {
        let server = try HTTPLoopback { request in
            switch request.number {
            case 1: .answer(400, [], "{\"__type\":\"x#ProvisionedThroughputExceededException\",\"message\":\"slow\"}")
            case 2: .answer(503, [], "busy")
            case 3: .bytes("", .close)
            default: .answer(200, [], "{}")
            }
        }
        try await withService(server) { client, _ in
            let answer = try await client.call(call(), deadline: .seconds(20))
            #expect(answer.status == 200)
        }
        #expect(server.requests.count >= 4)
    }

    @Test("four attempts at most, and the error counts them")
    func exhausted() async throws {
        let server = try HTTPLoopback { _ in .answer(500, [], "{\"__type\":\"x#InternalServerError\"}") }
        let error = try await withService(server) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.code == "InternalServerError")
        #expect(error.attempts == 4)
        #expect(error.outcome == .unknown)
        #expect(server.requests.count == 4)
    }

    @Test(
        "a call that must not run twice is sent once when a server may have executed it",
        arguments: [(HTTPLoopback.Reply.answer(500), AWSError.Kind.service), (.bytes("", .close), .lostAnswer)])
    func onlyOnce(reply: HTTPLoopback.Reply, kind: AWSError.Kind) async throws {
        let server = try HTTPLoopback { request in request.number == 1 ? .answer(200) : reply }
        let error = try await withService(server) { client, _ in
            _ = try await client.call(call(retryAfterSent: false), deadline: .seconds(20))
            return try await failure { try await client.call(call(retryAfterSent: false), deadline: .seconds(20)) }
        }
        #expect(error.kind == kind)
        #expect(error.outcome == .unknown)
        #expect(error.attempts == 1)
        #expect(server.requests.count == 2)
    }

    @Test("a refusal after a lost attempt leaves the outcome unknown")
    func unknownStays() async throws {
        let server = try HTTPLoopback { request in
            request.number == 1 ? .answer(500) : .answer(400, [], "{\"__type\":\"x#ConditionalCheckFailedException\"}")
        }
        let error = try await withService(server) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.code == "ConditionalCheckFailedException")
        #expect(error.outcome == .unknown)
    }

    @Test("the deadline ends a call that waits for an answer, and one that would wait for its next attempt")
    func deadline() async throws {
        let silent = try HTTPLoopback { request in request.number == 1 ? .answer(200) : .silence }
        let error = try await withService(silent) { client, _ in
            // With a connection at hand the request is sent at once, also on a busy machine.
            _ = try await client.call(call(), deadline: .seconds(20))
            return try await failure { try await client.call(call(), deadline: .seconds(3)) }
        }
        #expect(error.kind == .deadlineExceeded)
        #expect(error.outcome == .unknown)
        let throttled = try HTTPLoopback { _ in .answer(400, [], "{\"__type\":\"x#ThrottlingException\"}") }
        let slow = AWSClock(seconds: { 0 }, uptime: AWSClock.system.uptime, random: { 0.99 })
        var retry = RetryPolicy()
        retry.throttledBase = .seconds(100)
        retry.maxDelay = .seconds(100)
        let refused = try await withService(throttled, clock: slow, retry: retry) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(refused.code == "ThrottlingException")
        #expect(refused.isThrottling)
        #expect(refused.outcome == .refused)
        #expect(refused.attempts == 1)
    }

    @Test("nobody listening is a connection error after all attempts, and certainly not executed")
    func unreachable() async throws {
        let loop = try UVLoop()
        let endpoint = try AWSEndpoint(url: "http://127.0.0.1:\(try freePort())")
        let client = try AWSServiceClient(
            configuration: AWSServiceConfiguration(service: "dynamodb", region: "x", endpoint: endpoint), http: HTTPClient(loop: loop),
            loop: loop, credentials: CredentialChain([StaticCredentials(keys)], now: { 0 }), clock: hurried)
        let error = try await failure { try await client.call(call(retryAfterSent: false), deadline: .seconds(20)) }
        #expect(error.kind == .connection)
        #expect(error.outcome == .refused)
        #expect(error.attempts == 4)
        await loop.shutdown()
    }

    @Test("without credentials nothing is sent")
    func noCredentials() async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        let error = try await withService(server, credentials: CredentialChain([EnvironmentCredentials(Environment([:]))], now: { 0 })) {
            client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.kind == .noCredentials)
        #expect(server.requests.isEmpty)
    }

    @Test("all attempts of a call have its name, and each says which one it is and how many there may be")
    func invocation() async throws {
        let server = try HTTPLoopback { request in request.number < 3 ? .answer(503) : .answer(200) }
        try await withService(server) { client, _ in
            _ = try await client.call(call(), deadline: .seconds(20))
            _ = try await client.call(call(), deadline: .seconds(20))
        }
        let ids = server.requests.map { $0["amz-sdk-invocation-id"] ?? "" }
        #expect(ids.count == 4 && ids.allSatisfy { $0.utf8.count == 36 })
        #expect(Set(ids[..<3]).count == 1 && ids[3] != ids[0])
        let attempts = server.requests.map { ($0["amz-sdk-request"] ?? "").split(separator: "; ").dropFirst().joined(separator: "; ") }
        #expect(attempts == ["attempt=1; max=4", "attempt=2; max=4", "attempt=3; max=4", "attempt=1; max=4"])
        // What only counts attempts is not signed.
        #expect(server.requests.allSatisfy { $0["authorization"]?.contains("SignedHeaders=content-type;host;x-amz-date;") == true })
    }

    @Test("a signature refused for its date is made again with the date of the answer, also for what must not run twice")
    func skewed() async throws {
        // The clock of these tests says 2015-08-30, 12:36:00.
        let date = [("Date", "Sun, 30 Aug 2015 12:46:00 GMT")]
        let server = try HTTPLoopback { request in
            request["x-amz-date"] == "20150830T123600Z"
                ? .answer(400, date, "{\"__type\":\"x#InvalidSignatureException\",\"message\":\"Signature expired\"}")
                : .answer(200, date, "{}")
        }
        try await withService(server) { client, _ in
            let answer = try await client.call(call(retryAfterSent: false), deadline: .seconds(20))
            #expect(answer.status == 200)
            // The next call knows.
            _ = try await client.call(call(retryAfterSent: false), deadline: .seconds(20))
        }
        #expect(server.requests.map { $0["x-amz-date"] } == ["20150830T123600Z", "20150830T124600Z", "20150830T124600Z"])
    }

    @Test("a signature that is wrong for another reason than the clock is refused once")
    func wronglySigned() async throws {
        let server = try HTTPLoopback { _ in
            .answer(400, [("Date", "Sun, 30 Aug 2015 12:38:00 GMT")], "{\"__type\":\"x#InvalidSignatureException\"}")
        }
        let error = try await withService(server) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.isAccessDenied)
        #expect(server.requests.count == 1)
    }

    @Test("a clock that stays wrong is corrected once, not for ever")
    func alwaysSkewed() async throws {
        let server = try HTTPLoopback { request in
            .answer(
                400, [("Date", request.number == 1 ? "Sun, 30 Aug 2015 12:46:00 GMT" : "Sun, 30 Aug 2015 13:46:00 GMT")],
                "{\"__type\":\"x#RequestTimeTooSkewed\"}")
        }
        let error = try await withService(server) { client, _ in
            try await failure { try await client.call(call(), deadline: .seconds(20)) }
        }
        #expect(error.code == "RequestTimeTooSkewed")
        #expect(server.requests.count == 2)
    }

    @Test("a read whose connection has died silently is answered over another one, long before its deadline")
    func halfOpen() async throws {
        let server = try HTTPLoopback { request in request.connection == 1 && request.number > 1 ? .silence : .answer(200) }
        var retry = RetryPolicy()
        retry.attemptLimit = .milliseconds(300)
        try await withService(server, retry: retry) { client, _ in
            _ = try await client.call(call(), deadline: .seconds(50))
            let answer = try await client.call(call(), deadline: .seconds(50))
            #expect(answer.status == 200)
        }
        #expect(server.requests.last?.connection != 1)
    }

    @Test("the wait that a service asks for is kept")
    func retryAfter() async throws {
        let server = try HTTPLoopback { request in
            request.number == 1 ? .answer(503, [("x-amz-retry-after", "50")]) : .answer(200)
        }
        let clock = AWSClock.system
        let begun = clock.uptime()
        try await withService(server) { client, _ in _ = try await client.call(call(), deadline: .seconds(20)) }
        #expect(clock.uptime() - begun >= .milliseconds(50))
    }

    @Test("a cancelled task's call ends, also between two attempts")
    func cancelled() async throws {
        let server = try HTTPLoopback { request in
            request.number == 1 ? .silence : .answer(400, [], "{\"__type\":\"x#ThrottlingException\"}")
        }
        let patient = AWSClock(seconds: { 0 }, uptime: AWSClock.system.uptime, random: { 0.9 })
        try await withService(server, clock: patient) { client, _ in
            let waiting = Task { try await client.call(call(), deadline: .seconds(50)) }
            try await server.received(1)
            waiting.cancel()
            let first = try await failure { try await waiting.value }
            #expect(first.kind == .cancelled)
            #expect(first.outcome == .unknown)
            let backingOff = Task { try await client.call(call(), deadline: .seconds(50)) }
            try await server.received(2)
            backingOff.cancel()
            let second = try await failure { try await backingOff.value }
            #expect(second.kind == .cancelled)
        }
    }

    @Test("a shut down loop is a closed client")
    func closed() async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        let loop = try UVLoop()
        let client = try AWSServiceClient(
            configuration: AWSServiceConfiguration(service: "dynamodb", region: "x", endpoint: AWSEndpoint(url: server.url)),
            http: HTTPClient(loop: loop), loop: loop, credentials: CredentialChain([StaticCredentials(keys)], now: { 0 }))
        await loop.shutdown()
        let error = try await failure { try await client.call(call(), deadline: .seconds(20)) }
        #expect(error.kind == .closed)
        #expect(error.outcome == .refused)
    }

    @Test("dates of answers are read in the one form that servers send")
    func dates() {
        func seconds(_ text: String) -> Int64? { HTTPDate.seconds(ArraySlice(text.utf8)) }
        #expect(seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        for wrong in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nox 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 28:49:37 GMT", "Sun, 0a Nov 1994 08:49:37 GMT",
        ] {
            #expect(seconds(wrong) == nil, "\(wrong)")
        }
    }
}
