import EventLoop
import Locked
import Logging
import Redis
import TestSupport
import Testing

/// TLS with real redis-servers and a throw-away authority.
@Suite(
    "Redis client: TLS", .timeLimit(.minutes(2)), .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
    .enabled(if: TestAuthority.isAvailable, Comment(rawValue: TestAuthority.skipReason)))
struct TLSServerTests {
    private let key = Array("key".utf8)

    @Test("commands and replies of all sizes go over TLS 1.2 and 1.3", arguments: ["TLSv1.2", "TLSv1.3"])
    func values(version: String) async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority, ["--tls-protocols", version])
        try await withURL("\(server.url)?ca=\(authority.file)") { client in
            let value = sample(10_000_000)
            try await client.set(key, to: value)
            #expect(isSame(try await client.get(key), value))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    let value = Array("\(number)".utf8)
                    group.addTask(executorPreference: number % 2 == 0 ? client.loop : nil) {
                        for _ in 0..<5 {
                            try await client.set(value, to: value)
                            let got = try await client.get(value)
                            #expect(got == value)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.info("clients")["connected_clients"] == "1")
        }
    }

    @Test("records that arrive byte by byte are whole", arguments: ["TLSv1.2", "TLSv1.3"])
    func byteSplit(version: String) async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority, ["--tls-protocols", version])
        let proxy = try FaultProxy(to: server.port)
        await proxy.set(.split(1))
        try await withURL("rediss://127.0.0.1:\(proxy.port)?ca=\(authority.file)") { client in
            let value = (0..<2000).map { UInt8(truncatingIfNeeded: $0) }
            try await client.set(key, to: value)
            for _ in 0..<3 { #expect(try await client.get(key) == value) }
            #expect(proxy.counts.accepted == 1)
        }
    }

    @Test("a server that reads slowly gets every record whole")
    func slowRead() async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority)
        let proxy = try FaultProxy(to: server.port)
        let url = "rediss://127.0.0.1:\(proxy.port)?ca=\(authority.file)"
        try await withURL(url, configure: { $0.silenceLimit = .seconds(20) }) { client in
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

    @Test("a certificate has to be for the name or address that is connected to, and within its time")
    func names() async throws {
        let authority = try await TestAuthority()
        let good = try await RedisServer(authority)
        let named = try await RedisServer(authority, for: "DNS:cache.example")
        let expired = try await RedisServer(authority, days: -1)
        let ca = "?ca=\(authority.file)"
        #expect(await self.failure(good.url + ca) == nil)
        #expect(await self.failure("rediss://localhost:\(good.port)\(ca)") == nil)
        #expect(await self.failure("\(named.url)\(ca)&name=cache.example") == nil)
        #expect(await self.failure("\(good.url)\(ca)&name=127.0.0.1") == nil)
        for url in ["\(good.url)\(ca)&name=cache.example", "\(good.url)\(ca)&name=127.0.0.2", named.url + ca] {
            let error = await self.failure(url)
            #expect(error?.code == .tls)
            #expect(error?.message.contains("another host") == true, "\(error?.description ?? "none")")
        }
        let late = await self.failure(expired.url + ca)
        #expect(late?.code == .tls)
        #expect(late?.message.contains("past its time") == true)
    }

    @Test("a certificate of an unknown authority is refused, with the system's authorities and with another file")
    func unknownAuthority() async throws {
        let authority = try await TestAuthority()
        let other = try await TestAuthority()
        let server = try await RedisServer(authority)
        for url in [server.url, "\(server.url)?ca=\(other.file)"] {
            let error = await self.failure(url)
            #expect(error?.code == .tls)
            #expect(error?.message.contains("authority") == true, "\(error?.description ?? "none")")
            #expect(error?.retryAdvice == .never)
            #expect(error?.mayHaveExecuted == false)
        }
    }

    @Test("files that cannot be used are told as such, before anything is sent")
    func files() async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority)
        let first = try await authority.certificate("first")
        let second = try await authority.certificate("second")
        let locked = try await authority.certificate("locked", passphrase: "secret")
        let cases = [
            ("ca=\(authority.missingFile)", "is not there"), ("ca=\(try authority.garbage())", "no PEM file"),
            ("cert=\(authority.missingFile)&key=\(first.key)", "is not there"),
            ("cert=\(first.file)&key=\(second.key)", "another certificate"),
            ("cert=\(first.file)&key=\(locked.key)", "key"), ("cert=\(first.file)&key=\(try authority.garbage())", "key"),
        ]
        for (query, hint) in cases {
            let error = await self.failure("\(server.url)?\(query)")
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(hint) == true, "\(error?.description ?? "none")")
        }
    }

    @Test(
        "a server that wants a client certificate gets it, or its absence is the error",
        arguments: ["yes", "optional"], ["TLSv1.2", "TLSv1.3"])
    func clientCertificates(clients: String, version: String) async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority, ["--tls-protocols", version], clients: clients)
        let mine = try await authority.certificate("client")
        let stranger = try await TestAuthority()
        let foreign = try await stranger.certificate("client")
        #expect(await self.failure("\(server.url)?ca=\(authority.file)&cert=\(mine.file)&key=\(mine.key)") == nil)
        let missing = await self.failure("\(server.url)?ca=\(authority.file)")
        if clients == "yes" {
            #expect(missing?.code == .tls)
            #expect(missing?.message.contains("client certificate") == true, "\(missing?.description ?? "none")")
        } else {
            #expect(missing == nil)
        }
        let refused = await self.failure("\(server.url)?ca=\(authority.file)&cert=\(foreign.file)&key=\(foreign.key)")
        #expect(refused?.code == .tls)
        #expect(refused?.message.contains("client certificate") == true, "\(refused?.description ?? "none")")
        // To be there until here: its files go with it.
        #expect(!stranger.file.isEmpty)
    }

    @Test("TLS to a plain port, and plain commands to a TLS port, each say so")
    func wrongPorts() async throws {
        let authority = try await TestAuthority()
        let encrypted = try await RedisServer(authority)
        let plain = try RedisServer()
        // Redis waits for the end of what it takes for an inline command, and says nothing.
        let silent = await self.failure("rediss://127.0.0.1:\(plain.port)") { $0.connectTimeout = .milliseconds(500) }
        #expect(silent?.code == .unavailable)
        #expect(silent?.message.contains("redis://") == true, "\(silent?.description ?? "none")")
        let web = try LoopbackServer { peer, _ in
            _ = peer.read()
            peer.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            peer.readToEnd()
        }
        let strange = await self.failure("rediss://127.0.0.1:\(web.port)")
        #expect(strange?.code == .tls)
        #expect(strange?.message.contains("does not speak TLS") == true, "\(strange?.description ?? "none")")
        let closing = try LoopbackServer { peer, _ in _ = peer.read() }
        #expect(await self.failure("rediss://127.0.0.1:\(closing.port)")?.message.contains("redis://") == true)
        let error = await self.failure("redis://127.0.0.1:\(encrypted.port)")
        #expect(error?.message.contains("rediss://") == true, "\(error?.description ?? "none")")
        #expect(error?.mayHaveExecuted == false)
    }

    @Test("the next connection resumes the session of the one before", arguments: ["TLSv1.2", "TLSv1.3"])
    func resumption(version: String) async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority, ["--tls-protocols", version])
        let log = TLSLog()
        try await withURL("\(server.url)?ca=\(authority.file)", logger: log.logger, configure: Self.impatient) { client in
            for _ in 0..<3 {
                _ = try await untilAvailable { try await client.get(key) }
                // The reply may be lost with the connection.
                let kill = "CLIENT KILL TYPE normal SKIPME no".split(separator: " ").map { Array($0.utf8) }
                _ = await redisError { try await client.send(kill) }
            }
        }
        #expect(log.lines == [version, "\(version), resumed", "\(version), resumed"])
    }

    @Test("a server that was started again is used again, with what it remembers of sessions or without")
    func restart() async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority)
        try await withURL("\(server.url)?ca=\(authority.file)", configure: Self.impatient) { client in
            try await client.set(key, to: [1])
            server.kill()
            try server.restart()
            #expect(try await untilAvailable { try await client.get(key) } == nil)
        }
    }

    @Test("wrong password, wrong user and a user that is removed while connected are told as refused credentials")
    func users() async throws {
        let authority = try await TestAuthority()
        let server = try await RedisServer(authority, ["--user", "app", "on", ">pw", "~*", "+@all", "--requirepass", "secret"])
        let place = "127.0.0.1:\(server.port)?ca=\(authority.file)"
        for user in ["app:wrong", "nobody:pw", ":wrong"] {
            let error = await self.failure("rediss://\(user)@\(place)")
            #expect(error?.code == .authentication)
            #expect(error?.message.contains("user or password") == true)
        }
        #expect(await self.failure("rediss://\(place)")?.message.contains("asks for a password") == true)
        try await withURL("rediss://app:pw@\(place)", configure: Self.impatient) { client in
            try await client.set(key, to: [1])
            try await withURL("rediss://:secret@\(place)") { administrator in
                try await administrator.send(["ACL", "DELUSER", "app"].map { Array($0.utf8) })
            }
            let error = await redisError { while true { _ = try await untilAvailable { try await client.get(key) } } }
            #expect(error?.code == .authentication)
        }
    }

    @Test("a replaced file of authorities is read again after a refusal")
    func rotation() async throws {
        let (former, latter) = (try await TestAuthority(), try await TestAuthority())
        let folder = try TemporaryFolder()
        let server = try await RedisServer(latter)
        let file = try folder.file("ca.pem", try former.authorityBytes())
        try await withURL("\(server.url)?ca=\(file)", configure: Self.impatient) { client in
            #expect(await redisError { _ = try await client.get(key) }?.code == .tls)
            _ = try folder.file("ca.pem", try latter.authorityBytes())
            while await redisError({ _ = try await client.get(key) }) != nil { try Task.checkCancellation() }
        }
    }

    private func failure(_ url: String, configure: (inout RedisConfiguration) -> Void = { _ in }) async -> RedisError? {
        await redisError { try await withURL(url, configure: configure) { _ = try await $0.get(self.key) } }
    }

    private static func impatient(_ configuration: inout RedisConfiguration) {
        configuration.backoff.initial = .milliseconds(1)
        configuration.backoff.maximum = .milliseconds(1)
    }
}

extension RedisServer {
    /// A server with a certificate of its own.
    convenience init(
        _ authority: TestAuthority, _ options: [String] = [], for hosts: String = "IP:127.0.0.1,DNS:localhost", days: Int = 2,
        clients: String = "no"
    ) async throws {
        let certificate = try await authority.certificate("server", for: hosts, days: days)
        try self.init(options: Self.options(certificate, authority, clients: clients) + options, isEncrypted: true)
    }
}

/// Runs `body` with a client of this URL.
func withURL(
    _ url: String, logger: Logger = Logger(label: "test"), configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
) async throws {
    let given = try RedisConfiguration(url: url)
    try await withClient(
        port: given.port, logger: logger,
        configure: {
            ($0.host, $0.credentials, $0.database, $0.tls) = (given.host, given.credentials, given.database, given.tls)
            configure(&$0)
        }, body)
}

/// What a client logs of TLS when it is connected.
final class TLSLog: Sendable {
    private let collected = Locked<[String]>([])

    var lines: [String] { self.collected.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: TLSLog
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard let text = event.metadata?["redis.tls"] else { return }
            self.log.collected.withLock { $0.append("\(text)") }
        }
    }
}
