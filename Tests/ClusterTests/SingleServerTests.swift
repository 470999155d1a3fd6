import Dispatch
import EventLoop
import History
import Locked
import Redis
import SessionStore
import TestSupport
import Testing

/// A server on its own, with or without a replica, and what happens to it and to its clients.
@Suite(
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .serialized, .timeLimit(.minutes(3)))
struct SingleServerTests {
    private func words(_ text: String, on server: RedisServer) async throws -> String {
        try await ChildProcess.run(["redis-cli", "-p", "\(server.port)"] + text.split(separator: " ").map(String.init)).output
    }

    /// Whether the replica of this primary has acknowledged all that the primary sent.
    private func hasAll(_ primary: RedisServer) async throws -> Bool {
        let info = try await self.words("INFO replication", on: primary)
        let sent = info.firstMatch(of: #/master_repl_offset:(\d+)/#)?.1
        let acknowledged = info.firstMatch(of: #/slave0:.*offset=(\d+),/#)?.1
        return sent != nil && sent == acknowledged
    }

    @Test("when primary and replica change places, commands go to the new primary as soon as the name leads there")
    func swapped() async throws {
        let first = try RedisServer()
        let second = try RedisServer(options: ["--replicaof", "127.0.0.1", "\(first.port)"])
        // What DNS does to the name of a primary endpoint.
        let endpoint = try FaultProxy(to: first.port)
        try await until { try await self.words("INFO replication", on: second).contains("master_link_status:up") }
        let workload = try StoreWorkload(port: endpoint.port, name: "swap")
        let clock = SystemClock()
        var recovery = Duration.zero
        let keys = Set(try (0..<96).map { SessionKey.session(try SessionID("swap-\($0)")) })
        let account = try await withClient(port: endpoint.port) { (client) async throws in
            let ledger = CommandLedger(prefix: "ledger-swap")
            try await workload.run(seed: 8) { workload in
                try await workload.goOn()
                try await ledger.run(on: client) {
                    let began = clock.now
                    // What a primary accepts when its replica has all and takes over would be lost by Redis, not by a client: it accepts nothing then.
                    #expect(try await self.words("CLIENT PAUSE 60000 WRITE", on: first) == "OK\n")
                    try await until { try await self.hasAll(first) }
                    #expect(try await self.words("REPLICAOF NO ONE", on: second) == "OK\n")
                    #expect(try await self.words("REPLICAOF 127.0.0.1 \(second.port)", on: first) == "OK\n")
                    await endpoint.lead(to: second.port)
                    #expect(try await self.words("CLIENT UNPAUSE", on: first) == "OK\n")
                    let swapped = clock.now
                    try await until { workload.hasHit(since: swapped, on: keys) && client.connectionState == .ready }
                    recovery = clock.now - began
                    let target = ledger.issued + 1000
                    try await until { ledger.issued >= target }
                }
                try await workload.goOn()
            }
            #expect(try await client.info("replication")["role"] == "master")
            return try await ledger.close(client)
        }
        print(
            "swap: recovered after \(recovery); \(workload.operations) operations, \(workload.failures) failed, \(workload.pending) pending, "
                + "\(workload.hits) hits; \(account)")
        #expect(workload.violations(.acknowledged) == [])
        #expect(workload.failures == 0)
        #expect(account.lost == 0 && account.twice == 0 && account.misdelivered == 0 && account.unforeseen == 0)
        #expect(account.acknowledged + account.failed == account.issued)
    }

    @Test("a server that is killed and started again on the same port is used again; the store answers all the while")
    func restarted() async throws {
        let server = try RedisServer()
        let workload = try StoreWorkload(port: server.port, name: "restart")
        let keys = Set(try (0..<96).map { SessionKey.session(try SessionID("restart-\($0)")) })
        let clock = SystemClock()
        try await workload.run(seed: 9) { workload in
            try await workload.goOn()
            await blocking { server.kill() }
            try await workload.goOn(for: 500)
            try await blocking { Result { try server.restart() } }.get()
            let back = clock.now
            try await until { workload.hasHit(since: back, on: keys) }
            try await workload.goOn()
        }
        #expect(workload.violations(.acknowledged) == [])
        #expect(workload.failures == 0)
        server.kill()
    }

    @Test("a connection that only reads notices within about a second that its server has become a replica, and does not use it")
    func demotedUnderReads() async throws {
        let server = try RedisServer()
        try await withClient(port: server.port) { (client) async throws in
            try await client.set([1], to: [1])
            #expect(try await self.words("REPLICAOF 127.0.0.1 1", on: server) == "OK\n")
            try await until {
                _ = try? await client.get([1])
                if case .backingOff(let error) = client.connectionState { return error.code == .readOnly }
                return false
            }
            #expect(try await self.words("REPLICAOF NO ONE", on: server) == "OK\n")
            try await until { (try? await client.set([1], to: [2])) == true }
        }
        server.kill()
    }

    @Test("a write to a server that has become a replica is refused once its new connection finds a replica again, within the deadline")
    func readOnly() async throws {
        let server = try RedisServer()
        try await withClient(port: server.port) { (client) async throws in
            try await client.set([1], to: [1])
            #expect(try await self.words("REPLICAOF 127.0.0.1 1", on: server) == "OK\n")
            let error = await redisError { try await client.set([1], to: [2]) }
            #expect(error?.code == .readOnly)
            #expect(error?.mayHaveExecuted == false)
        }
        server.kill()
    }

    @Test("after a freeze a dead socket is replaced before the first command leaves: even a write needs no second attempt")
    func thawed() async throws {
        let server = try RedisServer()
        let proxy = try FaultProxy(to: server.port)
        let frozen = Locked(Duration.zero)
        try await withClient(
            port: proxy.port,
            configure: {
                $0.commandTimeout = .seconds(30); $0.silenceLimit = .seconds(60)
            },
            wallClock: { frozen.withLock { $0 } }
        ) { (client) async throws in
            try await client.set([1], to: [1])
            await proxy.set(.halfOpen)
            await proxy.set(.none)
            frozen.withLock { $0 = .seconds(3600) }
            #expect(try await client.set([2], to: [2]))
            #expect(proxy.counts.accepted == 2)
        }
        server.kill()
    }

    @Test("a warm connection is not checked; one that was idle or frozen is, before the next command leaves, and goes on if it answers")
    func checked() async throws {
        let seen = Locked<[String]>([])
        let server = try LoopbackServer { peer, _ in
            var text = ""
            while true {
                let bytes = peer.read()
                if bytes.isEmpty { return }
                text += String(decoding: bytes, as: UTF8.self)
                while let end = text.range(ofEnd: ["PING\r\n", "x\r\n"]) {
                    let command = String(text[..<end])
                    text = String(text[end...])
                    if command.contains("INFO") { peer.write("-NOPERM\r\n-NOPERM\r\n-ERR\r\n-ERR\r\n") }
                    seen.withLock { $0.append(command.contains("GET") ? "GET" : command.contains("INFO") ? "greeting" : "PING") }
                    peer.write(command.contains("GET") ? "$2\r\nok\r\n" : "+PONG\r\n")
                }
            }
        }
        let frozen = Locked(Duration.zero)
        try await withClient(
            port: server.port,
            configure: {
                $0.commandTimeout = .seconds(30); $0.checkAfterIdle = .seconds(3600)
            },
            wallClock: { frozen.withLock { $0 } }
        ) { (client) async throws in
            for _ in 0..<3 { #expect(try await client.get(bytes("x")) == bytes("ok")) }
            #expect(seen.withLock { $0 } == ["greeting", "GET", "GET", "GET"])
            frozen.withLock { $0 = .seconds(60) }
            for _ in 0..<2 { #expect(try await client.get(bytes("x")) == bytes("ok")) }
            #expect(seen.withLock { $0 } == ["greeting", "GET", "GET", "GET", "PING", "GET", "GET"])
        }
    }

    @Test("a client that is closed answers what it had accepted, and accepts no more")
    func drained() async throws {
        let arrived = Event()
        let (answer, closed) = (DispatchSemaphore(value: 0), Event())
        let server = try LoopbackServer { peer, _ in
            var text = ""
            while !text.contains("held\r\n") {
                let bytes = peer.read()
                if bytes.isEmpty { return }
                let before = text.contains("PING\r\n")
                text += String(decoding: bytes, as: UTF8.self)
                if !before, text.contains("PING\r\n") { peer.write("-NOPERM\r\n-NOPERM\r\n-ERR\r\n-ERR\r\n+PONG\r\n") }
            }
            arrived.happened()
            answer.wait()
            peer.write("$2\r\nok\r\n")
            peer.readToEnd()
        }
        try await withClient(
            port: server.port,
            configure: {
                $0.commandTimeout = .seconds(60); $0.closeTimeout = .seconds(60)
            }
        ) { (client) async throws in
            let held = Task { try await client.get(bytes("held")) }
            try await arrived.wait()
            let closing = Task {
                await client.close()
                closed.happened()
            }
            try await until { await redisError { try await client.send([bytes("TTL"), [1]], timeout: .milliseconds(1)) }?.code == .closed }
            answer.signal()
            #expect(try await held.value == bytes("ok"))
            await closing.value
            #expect(client.connectionState == .closed)
        }
    }
}

extension String {
    /// Where the first of these that occurs ends.
    fileprivate func range(ofEnd ends: [String]) -> String.Index? {
        ends.compactMap { self.firstRange(of: $0)?.upperBound }.min()
    }
}
