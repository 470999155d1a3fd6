import HTTP
import TestSupport
import Testing

@Suite("HTTP client: what the network does", .timeLimit(.minutes(1)))
struct HTTPNetworkFaultTests {
    private let server: HTTPLoopback
    private let proxy: FaultProxy

    init() throws {
        self.server = try HTTPLoopback { request in .answer(200, [("X-Number", "\(request.number)")], "\(request.body.count) bytes came") }
        self.proxy = try FaultProxy(to: self.server.port)
    }

    private var url: String { "http://127.0.0.1:\(self.proxy.port)" }

    private func post(
        _ size: Int, _ client: HTTPClient, deadline: Duration = .seconds(20), isRepeatable: Bool = true
    ) async throws -> HTTPAnswer {
        let call = HTTPCall(method: "POST", url: self.url, body: [UInt8](repeating: 120, count: size), isRepeatable: isRepeatable)
        return try await client.send(call, deadline: deadline)
    }

    /// Posts that many bytes, and has them counted by the server.
    private func succeeds(_ client: HTTPClient, bytes: Int = 2) async throws {
        let answer = try await self.post(bytes, client)
        #expect(String(decoding: answer.body, as: UTF8.self) == "\(bytes) bytes came")
    }

    @Test("requests and answers that arrive byte by byte are whole")
    func byteSplit() async throws {
        try await withClient { client, _ in
            await self.proxy.set(.split(1))
            for size in [0, 1, 500] {
                try await self.succeeds(client, bytes: size)
            }
            #expect(self.proxy.counts.accepted == 1)
        }
    }

    @Test("an answer cut at any byte is a reset, never a shorter answer, and the next call works", arguments: [0, 5, 17, 40, 60])
    func cutMidAnswer(bytes: Int) async throws {
        try await withClient { client, _ in
            try await self.succeeds(client)
            let length = self.proxy.counts.replyBytes
            #expect(bytes < length)
            if bytes == 0 { await self.proxy.set(.losingReplies) } else { await self.proxy.set(.cutReply(after: bytes)) }
            // Not to be repeated: a reset can take bytes along that the client has not read yet, and then none of an answer has come.
            let error = try await failure {
                try await self.post(2, client, deadline: bytes == 0 ? .milliseconds(500) : .seconds(20), isRepeatable: false)
            }
            #expect(error.code == (bytes == 0 ? .timedOut : .reset), "\(error)")
            #expect(error.requestMayHaveBeenSent)
            await self.proxy.set(.none)
            try await self.succeeds(client)
        }
    }

    @Test("a half-open connection costs one caller its deadline, and is not used again")
    func halfOpen() async throws {
        try await withClient { client, _ in
            try await self.succeeds(client)
            await self.proxy.set(.halfOpen)
            let error = try await failure { try await self.post(2, client, deadline: .milliseconds(500)) }
            #expect(error.code == .timedOut)
            #expect(error.requestMayHaveBeenSent)
            #expect(self.server.requests.count == 1)
            await self.proxy.set(.none)
            try await self.succeeds(client)
            try await self.proxy.wait { $0.accepted == 2 && $0.open == 1 }
        }
    }

    @Test("refused: nothing was sent, and the next call after it works")
    func refuse() async throws {
        try await withClient { client, _ in
            await self.proxy.set(.refuse)
            let error = try await failure { try await self.post(2, client) }
            #expect(error.code == .connect)
            #expect(!error.requestMayHaveBeenSent)
            await self.proxy.set(.none)
            try await self.succeeds(client)
        }
    }

    @Test("a connection that was reset between two calls costs the second nothing that it could not have known")
    func cutWhileIdle() async throws {
        try await withClient { client, _ in
            try await self.succeeds(client)
            await self.proxy.cut()
            // Seen in time, it is replaced; else the request may have been sent, and only the caller knows whether to repeat it.
            do {
                _ = try await self.post(2, client)
            } catch let error as HTTPError {
                #expect(error.code == .reset && error.requestMayHaveBeenSent)
                try await self.succeeds(client)
            }
        }
    }

    @Test("a server that reads slowly gets the whole request")
    func slowRead() async throws {
        try await withClient { client, _ in
            await self.proxy.set(.slowRead(1000, every: .seconds(600)))
            async let sent: Void = self.succeeds(client, bytes: 12_000_000)
            try await self.proxy.wait { $0.requestBytes > 0 }
            #expect(self.server.requests.isEmpty)
            await self.proxy.set(.none)
            try await sent
        }
    }
}
