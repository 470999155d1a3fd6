import Foundation
import Glibc
import JSON
import TestSupport
import Testing

/// The commands that an operator asks, on a real table behind a real Redis.
@Suite(
    "Operating both tiers",
    .enabled(if: DynamoServer.isAvailable && RedisServer.isExpected, "needs ministack and redis-server: `make test` installs both"),
    .timeLimit(.minutes(3)))
struct OperationsCommandTests {
    private static let sessionRights = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]

    @Test("inspect shows both tiers side by side, and fails where they differ or have nothing")
    func inspect() async throws {
        var stack = try await OperatedStack()
        stack.tool.environment["BEDROCK_SESSIONS_SEAL_KEYS"] = try await stack.tool.run("seal-key", "blue").output
        try await stack.did("put", "s-1", "secret=value-of-alice", "--user", "alice")
        let view = try await stack.run("inspect", "s-1", "--json")
        #expect(view.exitCode == 0)
        let (table, cache) = (try view.json["table"], try view.json["cache"])
        #expect(table?["state"] == "live" && cache?["state"] == "live")
        #expect(table?["version"] == cache?["version"] && table?["expiration"] == cache?["expiration"])
        #expect(cache?["seal_key"] == "blue")
        #expect(try view.json["agreement"] == "agree")
        let page = try await stack.run("inspect", "s-1")
        #expect(page.output.contains("the tiers agree"))
        #expect(!page.output.contains("value-of-alice"))

        // Another program changes the item behind the cache's back.
        try await stack.aws([
            "update-item", "--table-name", stack.table, "--key", #"{"session_id":{"S":"s-1"}}"#, "--update-expression", "SET #d.#f = :v",
            "--expression-attribute-names", ##"{"#d":"data","#f":"secret"}"##, "--expression-attribute-values", #"{":v":{"S":"other"}}"#,
        ])
        let differing = try await stack.run("inspect", "s-1", "--json")
        #expect(differing.exitCode == 1)
        #expect(try differing.json["differences"] == ["data.secret"])
        #expect(try await stack.run("inspect", "s-9").exitCode == 1)
        #expect(try await stack.run("inspect", "s").exitCode == 2)
        stack.redis.kill()
        let outage = try await stack.run("inspect", "s-1")
        #expect(outage.exitCode == 1)
        #expect(outage.errors.contains("the cache does not answer"))
    }

    @Test("audit finds what disagrees, repairs the cache and never an item")
    func audit() async throws {
        let stack = try await OperatedStack()
        for id in ["s-1", "s-2", "s-3", "s-4"] { try await stack.did("put", id, "a=1") }
        let clean = try await stack.run("audit", "--json")
        #expect(clean.exitCode == 0, "\(clean.errors)")
        #expect(try clean.json["cache_keys"] == 4 && clean.json["live_items"] == 4)
        #expect(clean.errors.contains("cache") && clean.errors.contains("table"), "it tells how far it is")
        try await stack.redisCommand("SET", "bs1:\(stack.table):s-1", "garbage")
        try await stack.redisCommand("DEL", "bs1:\(stack.table):s-2")
        try await stack.redisCommand("LPUSH", "bs1:\(stack.table):s-2", "a")
        try await stack.redisCommand("SET", "bs1:\(stack.table):no session", "x")
        try await stack.aws(["delete-item", "--table-name", stack.table, "--key", #"{"session_id":{"S":"s-3"}}"#])
        let found = try await stack.run("audit", "--json")
        #expect(found.exitCode == 1)
        #expect(try found.json["findings"]?.elements?.count == 4)
        let repaired = try await stack.run("audit", "--repair", "--json")
        #expect(repaired.exitCode == 0, "\(repaired.output)")
        #expect(try repaired.json["findings"]?.elements?.allSatisfy { $0["repaired"] == true } == true)
        #expect(try await stack.run("audit").exitCode == 0)
        for id in ["s-1", "s-2"] { #expect(try await stack.run("get", id, "--json").json["data"] == ["a": "1"]) }

        try await stack.aws(["put-item", "--table-name", stack.table, "--item", #"{"session_id":{"S":"s-5"},"data":{"S":"text"}}"#])
        let malformed = try await stack.run("audit", "--repair", "--json")
        #expect(malformed.exitCode == 1)
        #expect(try malformed.json["malformed_items"] == 1)
        #expect(try await stack.aws(["get-item", "--table-name", stack.table, "--key", #"{"session_id":{"S":"s-5"}}"#]).contains("text"))
        #expect(try await CommandLineTool().run("audit", "--store", "memory").exitCode == 2)
        // Without Scan the cache's part is told all the same, and that the table's is missing.
        guard let limited = try await DynamoServer.running().withUser(allowing: Self.sessionRights) else { return }
        let half = try await stack.with(limited).run("audit", "--json")
        #expect(half.exitCode == 1)
        #expect(half.errors.contains("dynamodb:Scan"))
        #expect(try #require(half.json["cache_keys"]?.integer) > 0)
    }

    @Test("warm loads what is live, leaves what is there, and without a cache is a usage error")
    func warm() async throws {
        let stack = try await OperatedStack()
        for id in ["s-1", "s-2", "s-3"] { try await stack.did("put", id, "a=1") }
        try await stack.did("delete", "s-3")
        try await stack.redisCommand("FLUSHALL")
        let first = try await stack.run("warm", "--json")
        #expect(first.exitCode == 0)
        #expect(try first.json == ["loaded": 2, "present": 0, "not_kept": 0, "failed": 0, "ended": 1])
        #expect(try await stack.run("get", "s-1", "--tier", "cache").exitCode == 0)
        #expect(try await stack.run("warm", "--json").json["present"] == 2)
        var alone = stack
        alone.tool.environment["BEDROCK_SESSIONS_REDIS_URL"] = nil
        #expect(try await alone.run("warm").exitCode == 2)
        #expect(try await stack.run("warm", "--rate", "0").exitCode == 2)
        guard let limited = try await DynamoServer.running().withUser(allowing: Self.sessionRights) else { return }
        let refused = try await stack.with(limited).run("warm")
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("dynamodb:Scan"))
    }

    @Test("Ctrl-C ends a long walk in order, with exit code 1 and a sentence")
    func interrupted() async throws {
        let stack = try await OperatedStack()
        let lines = (0..<60).map { #"{"Item":{"session_id":{"S":"s-\#($0)"},"data":{"M":{}},"version":{"N":"7"}}}"# }
        let imported = try await stack.run("import", input: Array(lines.joined(separator: "\n").utf8))
        #expect(imported.exitCode == 0, "\(imported.errors)")
        try await stack.redisCommand("FLUSHALL")
        var variables = stack.tool.variables
        variables["BEDROCK_SESSIONS_TABLE"] = stack.table
        // A session a second: the second batch would wait for most of a minute.
        let process = try ChildProcess([CommandLineTool.executable, "warm", "--rate", "1", "--segments", "1"], environment: variables)
        #expect(await process.output(containing: "warm").found)
        process.signal(SIGINT)
        let rest = await process.restOfOutput()
        #expect(await process.ended() == .exit(code: 1))
        #expect(rest.contains("interrupted"), "\(rest)")
    }

    @Test("sessions of a user, by the index where there is one, by a walk where there is none")
    func sessions() async throws {
        let stack = try await OperatedStack(creates: false)
        try await stack.aws([
            "create-table", "--table-name", stack.table, "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions",
            "AttributeName=session_id,AttributeType=S", "AttributeName=user_id,AttributeType=S", "--key-schema",
            "AttributeName=session_id,KeyType=HASH", "--global-secondary-indexes",
            "IndexName=user_id-index,KeySchema=[{AttributeName=user_id,KeyType=HASH}],Projection={ProjectionType=KEYS_ONLY}",
        ])
        for id in ["s-1", "s-2"] { try await stack.did("put", id, "a=1", "--user", "alice") }
        try await stack.did("wallet", "set", "s-1", BedrockEvents.wallet, "--user", "alice")
        try await stack.did("put", "s-3", "a=1", "--user", "bob")
        try await stack.did("put", "s-4", "a=1")
        for arguments in [["--json"], ["--scan", "--json"]] {
            let found = try await stack.tool.run(["sessions", "--user", "alice", "--table", stack.table] + arguments)
            #expect(found.exitCode == 0)
            #expect(try found.json.elements?.compactMap { $0["id"]?.string } == ["s-1", "s-2"])
        }
        #expect(try await stack.run("sessions", "--user", "alice").errors == "", "the index was asked")
        #expect(try await stack.run("sessions", "--user", "nobody").output.contains("no live session"))
        let forgotten = try await stack.run("forget", "--user", "alice", "--json")
        #expect(forgotten.exitCode == 0, "\(forgotten.errors)")
        #expect(try forgotten.json["sessions_removed"] == 2 && forgotten.json["memory_removed"] == true)
        #expect(!(try await stack.aws(["scan", "--table-name", stack.table]).contains("alice")))
        let bare = try await OperatedStack()
        try await bare.did("put", "s-1", "a=1", "--user", "alice")
        let walked = try await bare.run("sessions", "--user", "alice")
        #expect(walked.output.contains("s-1") && walked.errors.contains("walking the whole table"))
        #expect(try await bare.run("sessions", "--user", "a b").exitCode == 2)
        #expect(try await CommandLineTool().run("sessions", "--user", "alice").exitCode == 2)
    }

    @Test("forget removes items and keys, with a receipt; searching both tiers finds nothing of the user")
    func forget() async throws {
        // Without a time to live: the table's own sweeper would take the expired item, at a moment of its own choosing.
        let stack = try await OperatedStack(creates: false)
        try await stack.aws([
            "create-table", "--table-name", stack.table, "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions",
            "AttributeName=session_id,AttributeType=S", "--key-schema", "AttributeName=session_id,KeyType=HASH",
        ])
        try await stack.did("wallet", "set", "s-1", BedrockEvents.wallet, "--user", "alice")
        try await stack.did("put", "s-2", "a=1", "--user", "alice")
        try await stack.did("put", "s-3", "a=1", "--user", "bob")
        // One that expired, one that cannot be read, and a copy whose item has gone.
        try await stack.aws([
            "put-item", "--table-name", stack.table, "--item",
            #"{"session_id":{"S":"s-4"},"user_id":{"S":"alice"},"data":{"M":{}},"expiration":{"N":"1000"}}"#,
        ])
        try await stack.aws([
            "put-item", "--table-name", stack.table, "--item", #"{"session_id":{"S":"s-5"},"user_id":{"S":"alice"},"data":{"S":"text"}}"#,
        ])
        try await stack.did("put", "s-6", "a=1", "--user", "alice")
        try await stack.aws(["delete-item", "--table-name", stack.table, "--key", #"{"session_id":{"S":"s-6"}}"#])
        let receipt = try await stack.run("forget", "--user", "alice", "--json")
        #expect(receipt.exitCode == 0, "\(receipt.errors) \(receipt.output)")
        #expect(try receipt.json["sessions_removed"] == 4)
        #expect(try receipt.json["memory_removed"] == true)
        #expect(try receipt.json["cache_only_entries_removed"] == 1)
        #expect(try receipt.json["remains"]?.elements?.isEmpty == false)
        let items = try await stack.aws(["scan", "--table-name", stack.table])
        #expect(!items.contains("alice") && !items.contains(BedrockEvents.wallet))
        for id in ["s-1", "s-2", "s-4", "s-5", "s-6"] { #expect(!items.contains("\"\(id)\"")) }
        let keys = try await stack.redisCommand("--scan", "--pattern", "*")
        #expect(keys.split(separator: "\n") == ["bs1:\(stack.table):s-3"])
        #expect(try await stack.run("get", "s-3", "--user", "bob").exitCode == 0)
        #expect(try await stack.run("wallet", "get", "s-9", "--user", "alice").exitCode == 1)
        #expect(try await stack.run("forget", "--user", "alice").exitCode == 0, "again: there is nothing, which is fine")
    }

    @Test("forget without the right to purge says so before anything is changed")
    func forgetRefused() async throws {
        let stack = try await OperatedStack()
        try await stack.did("put", "s-1", "a=1", "--user", "alice")
        guard let limited = try await DynamoServer.running().withUser(allowing: Self.sessionRights + ["dynamodb:Scan"]) else { return }
        let refused = try await stack.with(limited).run("forget", "--user", "alice")
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("dynamodb:DeleteItem") && refused.errors.contains("nothing was removed"))
        #expect(try await stack.run("get", "s-1", "--user", "alice").exitCode == 0)
        var down = stack
        down.tool.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:\(try freePort())"
        down.tool.environment["AWS_MAX_ATTEMPTS"] = "1"
        #expect(try await down.run("forget", "--user", "alice").exitCode == 1)
    }

    @Test("what is exported comes back whole, with types, versions, owners and what other programs added")
    func transfer() async throws {
        let (source, target) = (try await OperatedStack(), try await OperatedStack())
        try await source.did(
            "put", "s-1", "text=1", #"n:={"$number":"12345678901234567890123456789012345678"}"#, #"list:=[1,"a",null,true]"#, "--user",
            "alice")
        try await source.aws([
            "put-item", "--table-name", source.table, "--item",
            #"{"session_id":{"S":"s-2"},"data":{"M":{"b":{"B":"AAE="},"set":{"SS":["x","y"]},"odd":{"M":{"$binary":{"S":"x"}}}}},"extra":{"N":"3"}}"#,
        ])
        try await source.did("put", "s-3", "a=1")
        try await source.did("delete", "s-3")
        let exported = try await source.run("export")
        #expect(exported.exitCode == 0)
        let lines = exported.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        let file = Array(exported.output.utf8)

        let rehearsal = try await target.run("import", "--dry-run", "--json", input: file)
        #expect(rehearsal.exitCode == 0)
        #expect(try rehearsal.json["written"] == 2)
        #expect(try await target.run("export").output == "", "a rehearsal writes nothing")
        // The cache's answer to "is there such a session" must not outlive the import.
        #expect(try await target.run("get", "s-1", "--user", "alice").exitCode == 1)
        #expect(try await target.run("import", "--json", input: file).json["written"] == 2)
        #expect(try await target.run("get", "s-1", "--user", "alice").exitCode == 0)
        #expect(Set(try await target.run("export").output.split(separator: "\n").map(String.init)) == Set(lines))
        #expect(try await target.run("audit").exitCode == 0)
        #expect(try await target.run("import", "--json", input: file).json["written"] == 0, "again: all is there")

        try await target.did("put", "s-1", "text=2", "--user", "alice")
        let newer = try await target.run("import", "--json", input: file)
        #expect(try newer.json["left"]?["newer"] == 1)
        #expect(newer.exitCode == 0)
        try await target.did("delete", "s-1", "--user", "alice")
        #expect(try await target.run("import", "--json", input: file).json["left"]?["newer"] == 1, "a deletion is later, too")
    }

    @Test("import never takes a session from its owner, and tells of lines that are none")
    func importRefusals() async throws {
        let stack = try await OperatedStack()
        try await stack.did("put", "s-1", "a=1", "--user", "bob")
        let lines = [
            #"{"Item":{"session_id":{"S":"s-1"},"user_id":{"S":"alice"},"data":{"M":{}},"version":{"N":"9000000000000000"}}}"#, "no json",
            #"{"Item":{"session_id":{"S":"s-2"},"data":{"S":"text"}}}"#,
            #"{"Item":{"session_id":{"S":"s-3"},"data":{"M":{}},"expiration":{"N":"5"}}}"#,
            #"{"session_id":{"S":"s-4"},"data":{"M":{"a":{"S":"1"}}}}"#,
        ]
        let outcome = try await stack.run("import", "--json", input: Array(lines.joined(separator: "\n").utf8))
        #expect(outcome.exitCode == 1)
        let left = try outcome.json["left"]
        #expect(left?["other_owner"] == 1 && left?["malformed"] == 2 && left?["ended"] == 1)
        #expect(try outcome.json["written"] == 1)
        #expect(try await stack.run("get", "s-1", "--user", "bob", "--json").json["data"] == ["a": "1"])
        #expect(try await stack.run("get", "s-4", "--json").json["data"] == ["a": "1"])
        #expect(try await stack.run("import", "/nowhere/file").exitCode == 1)
    }

    @Test("selftest keeps every promise that can be tried, and cleans up, as far as its rights go")
    func selftest() async throws {
        let stack = try await OperatedStack()
        let outcome = try await stack.run("selftest", "--json")
        #expect(outcome.exitCode == 0, "\(outcome.output)")
        #expect(try outcome.json["findings"] == [])
        #expect(try outcome.json["left"] == 0 && outcome.json["marks"] == 0)
        #expect(try #require(outcome.json["kept"]?.integer) > 40)
        #expect(try await stack.aws(["scan", "--table-name", stack.table, "--select", "COUNT"]).contains("\"Count\": 0"))
        #expect(!(try await stack.redisCommand("--scan", "--pattern", "bs1:*")).contains("user#"))
    }

    @Test("selftest of a store that may not write finds that, and fails")
    func selftestBroken() async throws {
        let stack = try await OperatedStack()
        guard let reader = try await DynamoServer.running().withUser(allowing: ["dynamodb:GetItem"]) else { return }
        let outcome = try await stack.with(reader).run("selftest", "--json")
        #expect(outcome.exitCode == 1)
        #expect(try outcome.json["findings"]?.elements?.isEmpty == false)
    }
}
