import TestSupport
import Testing

/// What `get` says of a Redis that it cannot use: one sentence, and then the answer of the store.
@Suite(
    "A Redis that cannot be used", .timeLimit(.minutes(2)),
    .enabled(if: RedisServer.isExpected && TestAuthority.isAvailable, "needs redis-server and openssl"))
struct RedisTroubleTests {
    /// The warning of `get` for a session that is there, with a cache at this URL.
    private func warning(_ url: String, _ environment: [String: String] = [:]) async throws -> String {
        let folder = try TemporaryFolder()
        let tool = try CommandLineTool(environment: environment)
        let store = "sqlite:\(folder.file("sessions.db"))"
        let put = try await tool.run("put", "s-1", "a=b", "--store", store)
        #expect(put.exitCode == 0, "\(put.errors)")
        let get = try await tool.run("get", "s-1", "--store", store, "--redis", url)
        #expect(get.exitCode == 0, "\(get.errors)")
        #expect(get.output.contains("s-1"), "the store answers all the same")
        let line = get.errors.split(separator: "\n").filter { $0.hasPrefix("warning: there is no cache for this command: ") }
        #expect(line.count == 1, "\(get.errors)")
        return line.first.map(String.init) ?? ""
    }

    @Test("a wrong authority, host, password, user and port, and an expired certificate, are each one sentence")
    func tls() async throws {
        let (authority, other) = (try await TestAuthority(), try await TestAuthority())
        let good = try await authority.certificate("good")
        let late = try await authority.certificate("late", days: -1)
        let users = ["--user", "app", "on", ">pw", "~*", "+@all", "--requirepass", "secret"]
        let server = try RedisServer(options: RedisServer.options(good, authority) + users, isEncrypted: true)
        let expired = try RedisServer(options: RedisServer.options(late, authority), isEncrypted: true)
        let place = "127.0.0.1:\(server.port)?ca=\(authority.file)"
        let cases = [
            ("rediss://app:pw@127.0.0.1:\(server.port)?ca=\(other.file)", "not from an authority"),
            ("rediss://app:pw@127.0.0.1:\(server.port)", "not from an authority"),
            ("rediss://app:pw@\(place)&name=cache.example", "another host"),
            ("rediss://app:wrong@\(place)", "user or password"), ("rediss://nobody:pw@\(place)", "user or password"),
            ("rediss://\(place)", "asks for a password"), ("\(expired.url)?ca=\(authority.file)", "past its time"),
            ("redis://app:pw@127.0.0.1:\(server.port)", "rediss://"), ("rediss://app:pw@\(place).missing", "is not there"),
        ]
        for (url, hint) in cases {
            let warning = try await self.warning(url)
            #expect(warning.contains(hint), "\(warning)")
            #expect(warning.hasSuffix("."))
            #expect(!warning.contains("pw@"))
        }
    }

    @Test("a token that Redis refuses, and credentials that have ended, are each one sentence")
    func tokens() async throws {
        let authority = try await TestAuthority()
        let good = try await authority.certificate("good")
        let users = ["--user", "app", "on", ">another-token", "~*", "+@all", "--requirepass", "secret"]
        let server = try RedisServer(options: RedisServer.options(good, authority) + users, isEncrypted: true)
        let url = "\(server.url)?ca=\(authority.file)&iam=app@cache"
        let keys = ["AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_REGION": "eu-central-1"]
        #expect(try await self.warning(url, keys).contains("token"))
        let nobody = ["AWS_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true"]
        #expect(try await self.warning(url, nobody).contains("No AWS credentials"))
    }

    @Test("a cluster that nobody has made yet, and one that is down, are each one sentence")
    func clusters() async throws {
        let server = try RedisServer(options: ["--cluster-enabled", "yes"])
        #expect(try await self.warning(server.url).hasSuffix("No node of this Redis cluster has slots; create or repair the cluster."))
        // Of 16,384 slots a hundred are served: none is, then.
        let slots = (0..<100).map(String.init)
        let assigned = try await ChildProcess.run(["redis-cli", "-p", "\(server.port)", "CLUSTER", "ADDSLOTS"] + slots)
        #expect(assigned.output == "OK\n")
        #expect(try await self.warning(server.url).hasSuffix("The Redis cluster does not serve; wait for its failover or repair it."))
    }

    @Test("an identity without TLS is refused before anything is sent")
    func plainIdentity() async throws {
        let tool = try CommandLineTool(environment: ["AWS_REGION": "eu-central-1"])
        let get = try await tool.run("get", "s-1", "--store", "memory", "--redis", "redis://127.0.0.1:1?iam=app@cache")
        #expect(get.exitCode == 2)
        #expect(get.errors.contains("--redis") && get.errors.contains("rediss://"), "\(get.errors)")
    }
}
