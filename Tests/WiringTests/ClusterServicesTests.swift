import AWS
import EventLoop
import Logging
import Redis
import SessionStore
import Settings
import TestSupport
import Testing

@testable import Wiring

/// What is said of a cache that is a cluster, or none that can be used.
@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ClusterServicesTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withServices(_ redisURL: String?, _ body: (SessionServices) async throws -> Void) async throws {
        let loop = try UVLoop()
        let services = try SessionServices(
            Settings(store: .memory, redisURL: redisURL), loop: loop, environment: Environment([:]), logger: Self.quiet,
            cachePatience: .seconds(5))
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(services))
        } catch {
            result = .failure(error)
        }
        await services.close()
        await loop.shutdown()
        try result.get()
    }

    @Test("a cluster without slots, and one that misses some, are each one sentence, and no cache to be ready")
    func clusterDown() async throws {
        let server = try RedisServer(options: ["--cluster-enabled", "yes"])
        try await self.withServices(server.url) { services in
            let problem = try #require(await services.connectCache())
            #expect(problem == "No node of this Redis cluster has slots; create or repair the cluster.")
            #expect(await services.cacheReadiness() == .unavailable(problem))
        }
        let assigned = try await ChildProcess.run(
            ["redis-cli", "-p", "\(server.port)", "CLUSTER", "ADDSLOTS"] + (0..<100).map(String.init))
        #expect(assigned.output == "OK\n")
        try await self.withServices(server.url) { services in
            let problem = try #require(await services.connectCache())
            #expect(problem == "The Redis cluster does not serve; wait for its failover or repair it.")
            #expect(await services.cacheReadiness() == .unavailable(problem))
        }
    }

    @Test("a cache is ready while it answers, unavailable while it is dead or stopped, and ready again when it is back")
    func readiness() async throws {
        try await self.withServices(nil) { #expect(await $0.cacheReadiness() == .none) }
        let server = try RedisServer()
        try await self.withServices(server.url) { services in
            // Nobody has needed the connection yet.
            #expect(services.redis?.connectionState == .disconnected)
            #expect(await services.cacheReadiness() == .ready)
            server.kill()
            guard case .unavailable(let reason) = await services.cacheReadiness() else {
                Issue.record("a dead Redis is ready")
                return
            }
            #expect(reason.hasSuffix(".") && !reason.contains("\(server.port)"))
            try server.restart()
            // The pause after a failure has to be over.
            try await until { await services.cacheReadiness() == .ready }
        }
        try await self.withServices(server.url) { services in
            #expect(await services.cacheReadiness() == .ready)
            server.freeze()
            let frozen = await services.cacheReadiness()
            server.thaw()
            guard case .unavailable = frozen else {
                Issue.record("a stopped Redis is ready")
                return
            }
            try await until { await services.cacheReadiness() == .ready }
        }
    }
}

/// ElastiCache's IAM with a cluster: each node is shown a token.
@Suite(
    .enabled(if: RedisServer.isExpected && TestAuthority.isAvailable, "redis-server or openssl is not installed"), .timeLimit(.minutes(2)))
struct ClusterIdentityTests {
    @Test("every node of a cluster is shown a token, and again after it ended the connection")
    func tokens() async throws {
        let authority = try await TestAuthority()
        let certificate = try await authority.certificate("node")
        let keys = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        let now: @Sendable () -> Int64 = { 1_440_938_160 }
        let identity = try ElastiCacheIdentity(
            RedisIAM(user: "app-user", cacheName: "my-cache"), region: "us-east-1",
            chain: CredentialChain([StaticCredentials(keys)], now: now), now: now)
        let token = String(decoding: try await identity.credentials().password, as: UTF8.self)
        let users = ["--requirepass", "secret", "--masterauth", "secret", "--user", "app-user", "on", ">\(token)", "~*", "&*", "+@all"]
        let cluster = try await RedisClusterServers(
            replicas: 0, options: RedisServer.options(certificate, authority) + users, isEncrypted: true,
            access: ["--tls", "--cacert", authority.file, "-a", "secret", "--no-auth-warning"])
        var configuration = try RedisConfiguration(
            url: "rediss://127.0.0.1:\(cluster.servers[0].port)?ca=\(authority.file)&iam=app-user@my-cache")
        (configuration.commandTimeout, configuration.connectTimeout) = (.seconds(5), .seconds(5))
        configuration.backoff.maximum = .milliseconds(50)
        let loop = try UVLoop()
        let client = RedisClient(
            loop: loop, configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            credentialSource: identity)
        let result: Result<Void, any Error>
        do {
            result = .success(try await self.use(client, cluster))
        } catch {
            result = .failure(error)
        }
        await client.close()
        await loop.shutdown()
        try result.get()
    }

    private func use(_ client: RedisClient, _ cluster: RedisClusterServers) async throws {
        try await client.connect()
        #expect(client.nodes.count == 3 && client.nodes.allSatisfy { $0.state == .ready })
        for round in 0..<2 {
            for number in 0..<60 {
                let key = Array("token:\(number)".utf8)
                if round == 0 { try await client.set(key, to: key) }
                #expect(try await client.get(key) == key)
            }
            for server in cluster.servers {
                #expect(try await cluster.command(["client", "list"], on: server).contains("user=app-user"))
                if round == 0 { #expect(try await cluster.command(["client", "kill", "user", "app-user"], on: server) == "1\n") }
            }
        }
    }
}
