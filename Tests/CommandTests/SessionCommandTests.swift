import JSON
import Testing

@Suite("get, put, delete", .timeLimit(.minutes(1)))
struct SessionCommandTests {
    @Test("what one process puts, the next one gets, with types kept")
    func roundTrip() async throws {
        let tool = try CommandLineTool()
        let put = try await tool.run(
            "put", "s-1", "language=en", "empty=", "sign=a=b", "visits:=3", #"list:=[1,null,true,{"x":1.5}]"#, #"raw:={"$binary":"AQI="}"#,
            #"long:={"$number":"12345678901234567890123"}"#, "--json")
        #expect(put.exitCode == 0)
        let got = try await tool.run("get", "s-1", "--json")
        #expect(got.exitCode == 0)
        let session = try got.json
        #expect(session["id"] == "s-1")
        #expect(session["user"] == .null)
        #expect(session["origin"] == "table")
        #expect(
            session["data"] == [
                "empty": "", "language": "en", "list": [1, nil, true, ["x": .number("1.5")]],
                "long": ["$number": "12345678901234567890123"], "raw": ["$binary": "AQI="], "sign": "a=b", "visits": 3,
            ])
        #expect((session["version"]?.integer ?? 0) > 0)
        #expect(session["version"] == (try put.json["version"]))
        let expiration = try #require(session["expiration"]?.integer)
        #expect(expiration > 1_700_000_000)
        #expect(session["expires_at"]?.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }

    @Test("put leaves other fields, removes on request, and replaces on request")
    func partialWrites() async throws {
        let tool = try CommandLineTool()
        _ = try await tool.run("put", "s-1", "a=1", "b=2")
        #expect(try await tool.run("put", "s-1", "c=3", "--remove", "a", "--json").json["data"] == ["b": "2", "c": "3"])
        #expect(try await tool.run("put", "s-1", "d=4", "--replace", "--json").json["data"] == ["d": "4"])
    }

    @Test("a person reads the session without JSON")
    func text() async throws {
        let tool = try CommandLineTool()
        _ = try await tool.run("put", "s-1", "language=en", "--user", "alice")
        let output = try await tool.run("get", "s-1", "--user", "alice").output
        #expect(output.contains("user:"))
        #expect(output.contains("alice"))
        #expect(output.contains("language: en"))
        #expect(!output.contains("\u{1B}"))
    }

    @Test("another user's session answers its owner and operators only")
    func ownership() async throws {
        let tool = try CommandLineTool()
        _ = try await tool.run("put", "s-1", "a=1", "--user", "alice")
        for caller in [["--user", "bob"], []] {
            for command in [["get", "s-1"], ["put", "s-1", "a=2"], ["delete", "s-1"], ["wallet", "get", "s-1"]] {
                let outcome = try await tool.run(command + caller)
                #expect(outcome.exitCode == 1)
                #expect(outcome.errors.contains("--user"))
                #expect(!outcome.errors.contains("alice"))
            }
        }
        let seen = try await tool.run("get", "s-1", "--as-operator", "--json")
        #expect(try seen.json["data"] == ["a": "1"])
        #expect(try seen.json["user"] == "alice")
    }

    @Test("delete removes a session once, and is content when it is gone")
    func deletion() async throws {
        let tool = try CommandLineTool()
        _ = try await tool.run("put", "s-1", "a=1")
        #expect(try await tool.run("delete", "s-1", "--json").json == ["id": "s-1", "deleted": true])
        #expect(try await tool.run("delete", "s-1", "--json").json == ["id": "s-1", "deleted": false])
        #expect(try await tool.run("get", "s-1").exitCode == 1)
    }

    @Test("a session ends at its expiration")
    func expiry() async throws {
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_TTL": "1h"])
        let session = try await tool.run("put", "s-1", "a=1", "--json").json
        let left = try #require(session["expiration"]?.integer) - (try #require(session["version"]?.integer)) / 1000
        #expect((3595...3605).contains(left))
    }

    @Test("options win over variables")
    func selection() async throws {
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_STORE": "sqlite:one.db"])
        _ = try await tool.run("put", "s-1", "a=1")
        #expect(try await tool.run("get", "s-1", "--store", "sqlite:two.db").exitCode == 1)
        #expect(try await tool.run("get", "s-1", "--store", "sqlite:one.db").exitCode == 0)
        #expect(try await tool.run("get", "s-1", "--tier", "table").exitCode == 0)
    }
}
