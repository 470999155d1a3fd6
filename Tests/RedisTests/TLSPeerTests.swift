import COpenSSL
import Redis
import TestSupport
import Testing

/// What a TLS server can do that no redis-server does.
@Suite(
    "Redis client: strange TLS servers", .timeLimit(.minutes(1)),
    .enabled(if: TestAuthority.isAvailable, Comment(rawValue: TestAuthority.skipReason)))
struct TLSPeerTests {
    private let key = Array("key".utf8)

    @Test("a server that changes its keys is answered with new keys, and goes on")
    func keyUpdate() async throws {
        try await self.serve { peer in
            for _ in 0..<3 {
                peer.read(until: "key\r\n")
                peer.updateKeys()
                peer.write("$2\r\nok\r\n")
            }
        } body: { (client, _) async throws in
            for _ in 0..<3 { #expect(try await client.get(key) == Array("ok".utf8)) }
        }
    }

    @Test("a server of TLS 1.2 may renegotiate, with a command on its way")
    func renegotiation() async throws {
        let done = Event()
        try await self.serve(version: TLS1_2_VERSION) { peer in
            peer.read(until: "key\r\n")
            if peer.renegotiate() { done.happened() }
            peer.write("$2\r\nok\r\n")
            peer.read(until: "key\r\n")
            peer.write("$2\r\nok\r\n")
        } body: { (client, _) async throws in
            for _ in 0..<2 { #expect(try await client.get(key) == Array("ok".utf8)) }
            try await done.wait()
        }
    }

    @Test("replies in many small records of one segment are all read", arguments: [1, 3, 1000])
    func smallRecords(size: Int) async throws {
        let value = String(repeating: "x", count: 2000)
        try await self.serve { peer in
            peer.read(until: "key\r\n")
            peer.write("$2000\r\n\(value)\r\n", inRecordsOf: size)
            peer.read(until: "key\r\n")
            peer.write("$2\r\nok\r\n", inRecordsOf: size)
        } body: { (client, _) async throws in
            #expect(try await client.get(key) == Array(value.utf8))
            #expect(try await client.get(key) == Array("ok".utf8))
        }
    }

    @Test("an end that the server announces and one that it does not are told apart", arguments: [true, false])
    func endings(isAnnounced: Bool) async throws {
        try await self.serve { peer in
            peer.read(until: "key\r\n")
            peer.write("$10\r\nhalf")
            if isAnnounced { peer.notifyClose() }
        } body: { (client, _) async throws in
            // No plain read: that one would be sent again.
            let error = await redisError { try await client.send([Array("GETEX".utf8), key]) }
            #expect(error?.code == .connectionLost)
            #expect(error?.underlying?.contains("close_notify") == !isAnnounced)
            #expect(error?.mayHaveExecuted == true)
        }
    }

    @Test("a reply that comes with the announced end still reaches its caller")
    func replyThenEnd() async throws {
        try await self.serve { peer in
            peer.read(until: "key\r\n")
            peer.write("$2\r\nok\r\n")
            peer.notifyClose()
        } body: { (client, _) async throws in
            #expect(try await client.get(key) == Array("ok".utf8))
        }
    }

    @Test("bytes that are no record end the connection")
    func garbage() async throws {
        try await self.serve { peer in
            peer.read(until: "key\r\n")
            peer.writeBare("$2\r\nok\r\n and more of it")
        } body: { (client, _) async throws in
            #expect(await redisError { _ = try await client.get(key) }?.code == .tls)
        }
    }

    @Test("the client says that it ends")
    func closing() async throws {
        let told = Event()
        try await self.serve { peer in
            peer.read(until: "never")
            if peer.clientNotifiedClose { told.happened() }
        } body: { (client, _) async throws in
            try await client.connect()
            await client.close()
            try await told.wait()
        }
    }

    @Test("the server is told which name is meant, and of an address nothing", arguments: ["localhost", "127.0.0.1"])
    func serverName(host: String) async throws {
        let (names, named) = AsyncStream.makeStream(of: String?.self)
        try await self.serve(host: host) { peer in
            named.yield(peer.requestedName)
            peer.read(until: "never")
        } body: { (client, _) async throws in
            try await client.connect()
            for await name in names {
                #expect(name == (host == "localhost" ? host : nil))
                break
            }
        }
    }

    @Test("a handshake that says nothing more is given up at the connect deadline")
    func silence() async throws {
        let server = try LoopbackServer { peer, _ in peer.readToEnd() }
        try await withURL("rediss://127.0.0.1:\(server.port)", configure: { $0.connectTimeout = .milliseconds(50) }) { client in
            let error = await redisError { _ = try await client.get(key) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("TLS handshake") == true)
        }
    }

    /// Runs `body` with a client of a server that speaks TLS, greets, then does what `serve` says.
    private func serve(
        version: Int32 = TLS1_3_VERSION, host: String = "127.0.0.1", _ serve: @escaping @Sendable (TLSPeer) -> Void,
        body: (RedisClient, LoopbackServer) async throws -> Void
    ) async throws {
        let authority = try await TestAuthority()
        let certificate = try await authority.certificate("peer")
        let server = try LoopbackServer { peer, _ in
            guard let peer = TLSPeer(peer, certificate, version: version) else { return }
            peer.greet()
            serve(peer)
        }
        try await withURL("rediss://\(host):\(server.port)?ca=\(authority.file)") { client in try await body(client, server) }
    }
}
