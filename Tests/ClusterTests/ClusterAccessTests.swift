import EventLoop
import Redis
import TestSupport
import Testing

/// A cluster that speaks TLS, with its clients and between its nodes, and lets in who has a password.
@Suite(
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)),
    .enabled(if: TestAuthority.isAvailable, Comment(rawValue: TestAuthority.skipReason)), .timeLimit(.minutes(2)))
struct ClusterAccessTests {
    @Test("with TLS and an ACL user every node is verified and asked as that user; a wrong authority and a wrong password are told")
    func encrypted() async throws {
        let authority = try await TestAuthority()
        let certificate = try await authority.certificate("node")
        let users = ["--requirepass", "secret", "--masterauth", "secret", "--user", "app", "on", ">pw", "~*", "&*", "+@all"]
        let cluster = try await RedisClusterServers(
            replicas: 0, options: RedisServer.options(certificate, authority) + users, isEncrypted: true,
            access: ["--tls", "--cacert", authority.file, "-a", "secret", "--no-auth-warning"])
        let place = "localhost:\(cluster.servers[1].port)"
        try await self.withURL("rediss://app:pw@\(place)?ca=\(authority.file)") { client in
            try await client.connect()
            #expect(client.connectionState == .ready)
            #expect(client.nodes.count == 3 && client.nodes.allSatisfy { $0.state == .ready })
            for number in 0..<100 {
                let key = bytes("encrypted:\(number)")
                try await client.set(key, to: key)
                #expect(try await client.get(key) == key)
            }
            // Each node has the client's user, and each key is where it belongs.
            var keys = 0
            for server in cluster.servers {
                #expect(try await cluster.command(["client", "list"], on: server).contains("user=app"))
                keys += try await cluster.command(["--scan", "--pattern", "encrypted:*"], on: server).split(separator: "\n").count
            }
            #expect(keys == 100)
            // A slot that moves is followed to another node over TLS as well.
            let owner = try #require(try await cluster.owner(of: "encrypted:1"))
            let nodes = try await cluster.nodes()
            let (source, target) = (try #require(nodes.first { $0.server === owner }), try #require(nodes.first { $0.server !== owner }))
            try await cluster.manage([
                "reshard", "127.0.0.1:\(owner.port)", "--cluster-from", source.id, "--cluster-to", target.id, "--cluster-slots",
                "\(source.slots)", "--cluster-yes",
            ])
            for number in 0..<100 {
                let key = bytes("encrypted:\(number)")
                #expect(try await client.get(key) == key)
            }
        }
        let other = try await TestAuthority()
        try await self.withURL("rediss://app:pw@\(place)?ca=\(other.file)") { client in
            let error = await redisError { try await client.connect() }
            #expect(error?.code == .tls)
        }
        try await self.withURL("rediss://app:wrong@\(place)?ca=\(authority.file)") { client in
            let error = await redisError { try await client.connect() }
            #expect(error?.code == .authentication)
        }
    }

    private func withURL(_ url: String, _ body: (RedisClient) async throws -> Void) async throws {
        let given = try RedisConfiguration(url: url)
        try await withClient(
            port: given.port, configure: { ($0.host, $0.credentials, $0.tls) = (given.host, given.credentials, given.tls) }, body)
    }
}
