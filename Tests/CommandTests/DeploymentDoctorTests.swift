import JSON
import TestSupport
import Testing

/// Deployments of which something is broken, and what `doctor` says.
@Suite(
    "doctor on broken deployments",
    .enabled(if: DynamoServer.isAvailable && RedisServer.isExpected, "needs ministack and redis-server: `make test` installs both"),
    .timeLimit(.minutes(3)))
struct DeploymentDoctorTests {
    private static let key = [
        "--attribute-definitions", "AttributeName=session_id,AttributeType=S", "--key-schema", "AttributeName=session_id,KeyType=HASH",
    ]

    /// What each check said.
    private func checks(_ outcome: CommandLineTool.Outcome) throws -> [String: String] {
        let checks = try outcome.json["checks"]?.elements ?? []
        return Dictionary(
            uniqueKeysWithValues: checks.compactMap { check in check["name"]?.string.map { ($0, check["verdict"]?.string ?? "") } })
    }

    private func evidence(_ outcome: CommandLineTool.Outcome, _ name: String) throws -> String {
        try outcome.json["checks"]?.elements?.first { $0["name"]?.string == name }?["evidence"]?.string ?? ""
    }

    @Test("a deployment that is as it should be passes, and what cannot be asked is no pass")
    func good() async throws {
        let stack = try await OperatedStack()
        try await stack.did("put", "s-1", "a=1")
        let healthy = try await stack.run("doctor", "--json")
        let checks = try self.checks(healthy)
        #expect(healthy.exitCode == 0, "\(healthy.output)")
        #expect(checks["table"] == "pass" && checks["time_to_live"] == "pass" && checks["rights"] == "pass" && checks["seal_key"] == "pass")
        #expect(checks["point_in_time_recovery"] == "warning")
        #expect(checks.count == 24)
        let strict = try await stack.run("doctor", "--strict")
        #expect(strict.exitCode == 1)
        #expect(strict.output.contains("fix: aws dynamodb update-continuous-backups --region us-east-1 --table-name \(stack.table)"))

        guard
            let limited = try await DynamoServer.running().withUser(allowing: [
                "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
            ])
        else { return }
        let field = try await stack.with(limited).run("doctor", "--json")
        let seen = try self.checks(field)
        #expect(field.exitCode == 0)
        #expect(seen["table"] == "pass" && seen["key_schema"] == "pass" && seen["rights"] == "pass")
        for name in ["time_to_live", "encryption", "point_in_time_recovery", "older_items"] { #expect(seen[name] == "unknown", "\(name)") }
        #expect(try self.evidence(field, "time_to_live").contains("dynamodb:DescribeTimeToLive"))
    }

    @Test("no table, another key, no time to live, one by another attribute, and items that cannot be read")
    func tables() async throws {
        let stack = try await OperatedStack(creates: false)
        let missing = try await stack.run("doctor", "--json")
        #expect(missing.exitCode == 1)
        #expect(try self.checks(missing)["table"] == "failure")
        #expect(try self.checks(missing)["time_to_live"] == "unknown")

        try await stack.aws(["create-table", "--table-name", stack.table, "--billing-mode", "PAY_PER_REQUEST"] + Self.key)
        let off = try await stack.run("doctor", "--json")
        #expect(off.exitCode == 1)
        #expect(try self.checks(off)["time_to_live"] == "failure")
        #expect(try self.checks(off)["encryption"] == "warning")
        try await stack.aws([
            "update-time-to-live", "--table-name", stack.table, "--time-to-live-specification", "Enabled=true,AttributeName=ttl",
        ])
        #expect(try self.evidence(try await stack.run("doctor", "--json"), "time_to_live").contains("attribute ttl"))
        try await stack.aws(["put-item", "--table-name", stack.table, "--item", #"{"session_id":{"S":"s-1"},"data":{"S":"none"}}"#])
        let unreadable = try await stack.run("doctor", "--json")
        #expect(try self.checks(unreadable)["older_items"] == "failure")
        #expect(!unreadable.output.contains("s-1"))

        var other = stack
        other.table = DynamoServer.tableName("other")
        try await other.aws([
            "create-table", "--table-name", other.table, "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions",
            "AttributeName=id,AttributeType=S", "--key-schema", "AttributeName=id,KeyType=HASH",
        ])
        let schema = try await other.run("doctor", "--json")
        #expect(schema.exitCode == 1)
        #expect(try self.checks(schema)["key_schema"] == "failure")
    }

    @Test("missing rights, credentials, region, and a table that cannot be reached")
    func access() async throws {
        let stack = try await OperatedStack()
        if let reader = try await DynamoServer.running().withUser(allowing: ["dynamodb:GetItem", "dynamodb:PutItem"]) {
            let outcome = try await stack.with(reader).run("doctor", "--json")
            #expect(outcome.exitCode == 1)
            #expect(try self.checks(outcome)["rights"] == "failure")
            #expect(try self.evidence(outcome, "rights").contains("UpdateItem"))
        }
        var nobody = stack
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] { nobody.tool.environment[name] = nil }
        nobody.tool.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        let without = try await nobody.run("doctor", "--json")
        #expect(without.exitCode == 1)
        #expect(try self.checks(without)["credentials"] == "failure")

        var nowhere = stack
        nowhere.tool.environment["AWS_REGION"] = nil
        nowhere.tool.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        let region = try await nowhere.run("doctor", "--json")
        #expect(region.exitCode == 1)
        #expect(try self.checks(region)["region"] == "failure")
        // The other tier is looked at all the same.
        #expect(try self.checks(region)["redis"] == "pass")

        var unreachable = stack
        unreachable.tool.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:\(try freePort())"
        unreachable.tool.environment["AWS_MAX_ATTEMPTS"] = "1"
        let down = try await unreachable.run("doctor", "--json")
        #expect(down.exitCode == 1)
        #expect(try self.checks(down)["table"] == "failure")
    }

    @Test(
        "a Redis that evicts intents, is full, lets nobody ask, refuses its disk, or is not there",
        arguments: [
            (["--maxmemory-policy", "volatile-ttl"], "eviction", "failure"), (["--maxmemory", "900kb"], "memory", "failure"),
            (["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-info"], "failover", "warning"),
            (["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-info"], "version", "unknown"),
            (["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-scan"], "key_prefix", "unknown"),
            (["--requirepass", "hush"], "identity", "failure"), (["--requirepass", "hush"], "redis", "failure"),
        ] as [([String], String, String)])
    func redis(_ options: [String], _ check: String, _ verdict: String) async throws {
        let stack = try await OperatedStack(redis: RedisServer(options: options))
        let outcome = try await stack.run("doctor", "--json")
        #expect(try self.checks(outcome)[check] == verdict, "\(outcome.output)")
        #expect(outcome.exitCode == (verdict == "failure" ? 1 : 0))
        #expect(try self.evidence(outcome, check) != "")
    }

    @Test("a replica, and a Redis that has gone")
    func gone() async throws {
        let primary = try RedisServer()
        let replica = try await OperatedStack(redis: RedisServer(options: ["--replicaof", "127.0.0.1 \(primary.port)"]))
        let outcome = try await replica.run("doctor", "--json")
        #expect(outcome.exitCode == 1)
        let seen = try self.checks(outcome)
        #expect(seen["persistence"] == "failure" || seen["redis"] == "failure", "\(outcome.output)")
        replica.redis.kill()
        let down = try await replica.run("doctor", "--json")
        #expect(down.exitCode == 1)
        #expect(try self.checks(down)["redis"] == "failure")
        #expect(try self.checks(down)["table"] == "pass")
    }

    @Test("entries that no key here opens, and keys of other programs and formats")
    func keys() async throws {
        let stack = try await OperatedStack()
        var sealing = stack
        sealing.tool.environment["BEDROCK_SESSIONS_SEAL_KEYS"] = try await stack.tool.run("seal-key", "one").output
        try await sealing.did("put", "s-1", "a=1")
        #expect(try self.checks(try await sealing.run("doctor", "--json"))["seal_key"] == "pass")
        #expect(try self.evidence(try await stack.run("doctor", "--json"), "seal_key").contains("no key here"))
        var other = stack
        other.tool.environment["BEDROCK_SESSIONS_SEAL_KEYS"] = try await stack.tool.run("seal-key", "two").output
        let unknown = try await other.run("doctor", "--json")
        #expect(unknown.exitCode == 1)
        #expect(try self.evidence(unknown, "seal_key").contains("not among these"))
        try await stack.did("put", "s-2", "a=1")
        #expect(try self.evidence(try await sealing.run("doctor", "--json"), "seal_key").contains("lie open"))

        try await stack.redisCommand("SET", "bs2:\(stack.table):s-3", "x")
        let format = try await sealing.run("doctor", "--json")
        #expect(try self.checks(format)["key_prefix"] == "failure")
        #expect(try self.evidence(format, "key_prefix").contains("another wire format"))
        try await stack.redisCommand("HSET", "bs1:\(stack.table):s-4", "a", "1")
        #expect(try self.evidence(try await sealing.run("doctor", "--json"), "key_prefix").contains("another program"))
    }

    @Test("a certificate of a stranger is a failure of TLS", .enabled(if: TestAuthority.isAvailable, "needs openssl"))
    func tls() async throws {
        let (authority, other) = (try await TestAuthority(), try await TestAuthority())
        let server = try RedisServer(options: RedisServer.options(try await authority.certificate("good"), authority), isEncrypted: true)
        var stack = try await OperatedStack(redis: server)
        stack.tool.environment["BEDROCK_SESSIONS_REDIS_CA_FILE"] = authority.file
        #expect(try self.checks(try await stack.run("doctor", "--json"))["tls"] == "pass")
        stack.tool.environment["BEDROCK_SESSIONS_REDIS_CA_FILE"] = other.file
        let outcome = try await stack.run("doctor", "--json")
        #expect(outcome.exitCode == 1)
        #expect(try self.checks(outcome)["tls"] == "failure")
    }

    @Test("settings that cannot work together are one failed check, and the rest is looked at")
    func configuration() async throws {
        var stack = try await OperatedStack()
        stack.tool.environment["BEDROCK_SESSIONS_REDIS_URL"] = "redis://:hush@cache.example.com:6379"
        let outcome = try await stack.run("doctor", "--json")
        #expect(outcome.exitCode == 1)
        #expect(try self.checks(outcome)["configuration"] == "failure")
        #expect(try self.checks(outcome)["table"] == "pass")
        #expect(!(outcome.output + outcome.errors).contains("hush"))
    }

    @Test("what became of a session: live in both, in one, deleted, never seen; and the digest that logs have")
    func session() async throws {
        var stack = try await OperatedStack()
        try await stack.did("put", "s-1", "a=1")
        let unkeyed = try await stack.run("doctor", "--session", "s-1", "--json")
        #expect(unkeyed.exitCode == 0)
        #expect(try unkeyed.json["digest"] == .null)
        #expect(try unkeyed.json["in_table"] == true && unkeyed.json["in_cache"] == true)
        stack.tool.environment["BEDROCK_SESSIONS_LOG_KEY"] = "0123456789abcdef"
        let keyed = try await stack.run("doctor", "--session", "s-1", "--json")
        #expect(try keyed.json["digest"] == "03902520")
        #expect(!keyed.output.contains("s-1"))
        try await stack.redisCommand("DEL", "bs1:\(stack.table):s-1")
        #expect(try await stack.run("doctor", "--session", "s-1").output.contains("in the table alone"))
        try await stack.did("delete", "s-1")
        let deleted = try await stack.run("doctor", "--session", "s-1", "--json")
        #expect(deleted.exitCode == 1)
        #expect(try deleted.json["state"] == "deleted")
        let never = try await stack.run("doctor", "--session", "s-9", "--json")
        #expect(never.exitCode == 1)
        #expect(try never.json["state"] == "unknown")
        // The item went, and nobody told the cache.
        try await stack.did("put", "s-5", "a=1")
        try await stack.aws(["delete-item", "--table-name", stack.table, "--key", #"{"session_id":{"S":"s-5"}}"#])
        #expect(try await stack.run("doctor", "--session", "s-5", "--json").json["state"] == "cache_only")
        #expect(try await stack.run("doctor", "--session", "x").exitCode == 2)
        #expect(try await stack.run("doctor", "--session", "s-1", "--credentials").exitCode == 2)
    }
}
