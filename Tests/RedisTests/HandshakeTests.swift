import Testing

@testable import Redis

struct HandshakeTests {
    private static let credentials = RedisCredentials(user: Array("app".utf8), password: Array("pw".utf8))

    private func texts(_ handshake: Handshake) -> [[String]] {
        handshake.commands.map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test("it sends AUTH and SELECT as configured, INFO, and PING")
    func commands() {
        let rest = [["INFO", "server"], ["INFO", "replication"], ["PING"]]
        #expect(texts(Handshake(credentials: nil, database: 0, discovers: false)) == rest)
        #expect(
            texts(Handshake(credentials: Self.credentials, database: 7, discovers: false)) == [["AUTH", "app", "pw"], ["SELECT", "7"]]
                + rest)
        #expect(texts(Handshake(credentials: RedisCredentials(password: [120]), database: 0, discovers: false)) == [["AUTH", "x"]] + rest)
    }

    @Test("it succeeds when each command was accepted")
    func success() {
        var handshake = Handshake(credentials: Self.credentials, database: 7, discovers: false)
        #expect(handshake.replyReceived(.status("OK")) == .waits)
        #expect(handshake.replyReceived(.status("OK")) == .waits)
        #expect(handshake.replyReceived(.bytes(Array("run_id:ab\r\n".utf8))) == .waits)
        #expect(handshake.replyReceived(.bytes(Array("master_replid:cd\r\n".utf8))) == .waits)
        #expect(handshake.replyReceived(.status("PONG")) == .succeeded)
        #expect(handshake.identity.epoch != 0)
    }

    @Test("the first one asks for a cluster, and learns of one, or that there is none")
    func discovery() {
        var handshake = Handshake(credentials: nil, database: 0, discovers: true)
        #expect(texts(handshake) == [["INFO", "server"], ["INFO", "replication"], ["CLUSTER", "MYID"], ["CLUSTER", "SLOTS"], ["PING"]])
        var other = handshake
        for _ in 1...2 { #expect(handshake.replyReceived(.bytes(Array("redis_mode:cluster\r\nrole:slave\r\n".utf8))) == .waits) }
        #expect(handshake.replyReceived(.bytes(Array("ab12".utf8))) == .waits)
        #expect(handshake.replyReceived(.array([])) == .waits)
        #expect(handshake.replyReceived(.status("PONG")) == .succeeded)
        #expect(handshake.nodeID == "ab12")
        #expect(handshake.slots == .array([]))

        for _ in 1...2 { #expect(other.replyReceived(.bytes(Array("redis_mode:standalone\r\nrole:master\r\n".utf8))) == .waits) }
        for _ in 1...2 {
            let answer = RedisServerError(text: "ERR This instance has cluster support disabled")
            #expect(other.replyReceived(.error(answer)) == .waits)
        }
        #expect(other.replyReceived(.status("PONG")) == .succeeded)
        #expect(other.slots == nil)
    }

    @Test("a cluster whose slots must not be asked for cannot be used, and says why")
    func refusedDiscovery() {
        var handshake = Handshake(credentials: nil, database: 0, discovers: true)
        for _ in 1...2 { _ = handshake.replyReceived(.bytes(Array("redis_mode:cluster\r\n".utf8))) }
        for _ in 1...2 { _ = handshake.replyReceived(.error(RedisServerError(text: "NOPERM x"))) }
        guard case .failed(let error) = handshake.replyReceived(.status("PONG")) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .permission)
    }

    @Test("a replica is no server to write to", arguments: [true, false])
    func replica(discovers: Bool) {
        var handshake = Handshake(credentials: nil, database: 0, discovers: discovers)
        for _ in 1...2 { _ = handshake.replyReceived(.bytes(Array("role:slave\r\n".utf8))) }
        if discovers { for _ in 1...2 { _ = handshake.replyReceived(.error(RedisServerError(text: "ERR none"))) } }
        guard case .failed(let error) = handshake.replyReceived(.status("PONG")) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .readOnly)
    }

    @Test("a user who may not PING has been greeted all the same")
    func noPing() {
        var handshake = Handshake(credentials: nil, database: 0, discovers: false)
        for _ in 1...2 { #expect(handshake.replyReceived(.error(RedisServerError(text: "NOPERM no info"))) == .waits) }
        #expect(handshake.replyReceived(.error(RedisServerError(text: "NOPERM no ping"))) == .succeeded)
        #expect(handshake.identity.epoch == 0)
    }

    @Test(
        "what the server refuses ends it with the reason",
        arguments: [
            (0, "WRONGPASS x", RedisError.Code.authentication),
            (0, "ERR AUTH <password> called without any password configured", .authentication),
            (0, "ERR wrong number of arguments for 'auth' command", .authentication),
            (0, "ERR max number of clients reached", .busy),
            (0, "DENIED x", .authentication),
            (1, "ERR DB index is out of range", .invalidConfiguration),
            (1, "ERR SELECT is not allowed in cluster mode", .invalidConfiguration),
            (1, "NOPERM x", .permission),
            (4, "LOADING x", .loading),
            (4, "NOAUTH x", .authentication),
            (4, "ERR x", .refused),
        ])
    func refusals(step: Int, text: String, code: RedisError.Code) {
        var handshake = Handshake(credentials: Self.credentials, database: 7, discovers: false)
        for step in 0..<step { #expect(handshake.replyReceived(step < 2 ? .status("OK") : .bytes([])) == .waits) }
        guard case .failed(let error) = handshake.replyReceived(.error(RedisServerError(text: text))) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == code)
        #expect(!error.mayHaveExecuted)
    }

    @Test("replies of another kind are not a Redis", arguments: [RedisReply.integer(1), .status("HELLO"), .null, .array([])])
    func strangers(reply: RedisReply) {
        var handshake = Handshake(credentials: Self.credentials, database: 7, discovers: false)
        guard case .failed(let error) = handshake.replyReceived(reply) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .protocolViolation)
    }
}
