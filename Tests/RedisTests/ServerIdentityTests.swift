import TestSupport
import Testing

@testable import Redis

struct ServerIdentityTests {
    private func epoch(_ replies: String...) -> UInt64 {
        var identity = ServerIdentity()
        for reply in replies { identity.learn(from: .bytes(Array(reply.utf8))) }
        return identity.epoch
    }

    @Test("it is made of both identifiers, and of nothing else")
    func digest() {
        let both = self.epoch("# Server\r\nrun_id:ab\r\nuptime_in_seconds:1\r\n", "# Replication\r\nrole:master\r\nmaster_replid:cd\r\n")
        // printf %s ab:cd | sha256sum
        #expect(both == 0xd5a9_c243_0264_360d)
        #expect(self.epoch("run_id:ab\r\nuptime_in_seconds:9\r\nmaster_replid:cd\r\n") == both)
        #expect(self.epoch("run_id:ax\r\n", "master_replid:cd\r\n") != both, "the server was started again")
        #expect(self.epoch("run_id:ab\r\n", "master_replid:cx\r\n") != both, "it was promoted")
        #expect(Set([both, self.epoch("run_id:ab\r\n"), self.epoch("master_replid:cd\r\n"), 0]).count == 4, "one of them is enough")
    }

    @Test("a service that tells neither has none", arguments: ["", "run_id:\r\nmaster_replid:\r\n", "run_id:0000\r\nmaster_replid:0\r\n"])
    func hidden(text: String) {
        #expect(self.epoch(text) == 0)
        var identity = ServerIdentity()
        identity.learn(from: .error(RedisServerError(text: "NOPERM x")))
        #expect(identity.epoch == 0)
    }
}

@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(1)))
struct EpochTests {
    private let key = Array("key".utf8)

    @Test("each reply carries the epoch of the connection that it came over; a restarted server has another one")
    func restart() async throws {
        let server = try RedisServer()
        try await withClient(port: server.port, configure: Self.impatient) { client in
            let first = try await client.getWithEpoch(RedisKey(key)).epoch
            #expect(first != 0)
            #expect(try await client.evalWithEpoch(RedisScript("return 1"), keys: [key], arguments: []).epoch == first)
            try await client.send([Array("CLIENT".utf8), Array("KILL".utf8), Array("TYPE".utf8), Array("normal".utf8)])
            #expect(
                try await untilAvailable { try await client.getWithEpoch(RedisKey(key)).epoch } == first,
                "another connection to the same server")
            server.kill()
            try server.restart()
            let second = try await untilAvailable { try await client.getWithEpoch(RedisKey(key)).epoch }
            #expect(second != 0 && second != first)
        }
        server.kill()
    }

    @Test("a replica that is promoted has another epoch than its primary, and another one each time")
    func promotion() async throws {
        let primary = try RedisServer()
        let replica = try RedisServer(options: ["--replicaof", "127.0.0.1", "\(primary.port)"])
        let follow = { (words: [String]) in
            let (output, _) = try await ChildProcess.run(["redis-cli", "-p", "\(replica.port)", "REPLICAOF"] + words)
            #expect(output == "OK\n")
        }
        try await follow(["NO", "ONE"])
        let first = try await Self.epoch(replica)
        #expect(try await Self.epoch(primary) != first)
        try await follow(["127.0.0.1", "\(primary.port)"])
        try await follow(["NO", "ONE"])
        #expect(try await Self.epoch(replica) != first)
        replica.kill()
        primary.kill()
    }

    @Test("a user who may not ask has none, and works")
    func noPermission() async throws {
        try await withRedis { client in
            try await client.send("ACL SETUSER app on >pw ~* +@all -info".split(separator: " ").map { Array($0.utf8) })
            let credentials = RedisCredentials(user: Array("app".utf8), password: Array("pw".utf8))
            try await withClient(port: client.configuration.port, configure: { $0.credentials = credentials }) { client in
                try await client.set(key, to: [1])
                let answer = try await client.getWithEpoch(RedisKey(key))
                #expect(answer.value == [1])
                #expect(answer.epoch == 0)
            }
        }
    }

    private static func impatient(_ configuration: inout RedisConfiguration) {
        configuration.backoff.initial = .milliseconds(1)
        configuration.backoff.maximum = .milliseconds(1)
    }

    private static func epoch(_ server: RedisServer) async throws -> UInt64 {
        var epoch: UInt64 = 0
        try await withClient(port: server.port, configure: Self.impatient) { client in
            // A replica refuses commands while it loads what its primary sent.
            epoch = try await untilAvailable { try await client.getWithEpoch(RedisKey([1])).epoch }
        }
        return epoch
    }
}
