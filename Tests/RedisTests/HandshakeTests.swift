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
        #expect(texts(Handshake(credentials: nil, database: 0)) == rest)
        #expect(texts(Handshake(credentials: Self.credentials, database: 7)) == [["AUTH", "app", "pw"], ["SELECT", "7"]] + rest)
        #expect(texts(Handshake(credentials: RedisCredentials(password: [120]), database: 0)) == [["AUTH", "x"]] + rest)
    }

    @Test("it succeeds when each command was accepted")
    func success() {
        var handshake = Handshake(credentials: Self.credentials, database: 7)
        #expect(handshake.replyReceived(.status("OK")) == .waits)
        #expect(handshake.replyReceived(.status("OK")) == .waits)
        #expect(handshake.replyReceived(.bytes(Array("run_id:ab\r\n".utf8))) == .waits)
        #expect(handshake.replyReceived(.bytes(Array("master_replid:cd\r\n".utf8))) == .waits)
        #expect(handshake.replyReceived(.status("PONG")) == .succeeded)
        #expect(handshake.identity.epoch != 0)
    }

    @Test("a user who may not PING has been greeted all the same")
    func noPing() {
        var handshake = Handshake(credentials: nil, database: 0)
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
            (1, "NOPERM x", .permission),
            (4, "LOADING x", .loading),
            (4, "NOAUTH x", .authentication),
            (4, "ERR x", .refused),
        ])
    func refusals(step: Int, text: String, code: RedisError.Code) {
        var handshake = Handshake(credentials: Self.credentials, database: 7)
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
        var handshake = Handshake(credentials: Self.credentials, database: 7)
        guard case .failed(let error) = handshake.replyReceived(reply) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .protocolViolation)
    }
}
