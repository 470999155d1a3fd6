import Testing

@Suite("Exit codes", .timeLimit(.minutes(1)))
struct ExitCodeTests {
    @Test(
        "a command line that cannot work ends with 2 and one sentence, and nothing is tried",
        arguments: [
            ["nonsense"], ["get"], ["get", "s-1", "--tier", "nowhere"], ["get", "x"], ["get", "no spaces"], ["put", "s-1"],
            ["put", "s-1", "novalue"], ["put", "s-1", "=value"], ["put", "s-1", "a=1", "a=2"], ["put", "s-1", "a:={"],
            ["put", "s-1", "a:=12345678901234567890"], ["put", "s-1", "--replace", "--remove", "a"], ["get", "s-1", "--user", "a b"],
            ["get", "s-1", "--user", "a", "--as-operator"], ["get", "s-1", "--store", "postgres"], ["get", "s-1", "--store", "dynamodb"],
            ["get", "s-1", "--store", "memory", "--tier", "cache"], ["get", "s-1", "--redis", "http://127.0.0.1"],
            ["serve", "--listen", "8080"], ["serve", "--listen", "127.0.0.1:99999"], ["invoke"], ["create-table", "only-a-name"],
            ["create-table", "a b", "us-east-1"], ["create-table", "sessions", "US EAST"],
            ["wallet", "set", "s-1"],
        ])
    func usage(_ arguments: [String]) async throws {
        let tool = try CommandLineTool()
        let outcome = try await tool.run(arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.output == "")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("error: "))
    }

    @Test(
        "what was tried and failed ends with 1 and one sentence",
        arguments: [
            ["get", "s-1"], ["wallet", "get", "s-1"], ["wallet", "set", "s-1", "0x12"],
            ["wallet", "set", "s-1", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"], ["put", "s-1", "wallet_address=nothing"],
            ["put", "s-1", "wallet_address:=1"], ["invoke", "no-such-file.json"],
            ["get", "s-1", "--store", "sqlite:/dev/null/sessions.db"], ["get", "s-1", "--store", "sqlite:/dev"],
            ["put", "s-1", "a=1", "--store", "sqlite:/proc/none/sessions.db"],
        ])
    func failures(_ arguments: [String]) async throws {
        let outcome = try await CommandLineTool().run(arguments)
        #expect(outcome.exitCode == 1)
        #expect(outcome.output == "")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("error: "))
    }

    @Test("a complaint about a setting names the option that was used, or both ways to give it")
    func settingNames() async throws {
        let tool = try CommandLineTool()
        #expect(try await tool.run("get", "s-1", "--store", "postgres").errors.hasPrefix("error: --store is dynamodb"))
        #expect(try await tool.run("get", "s-1", "--table", "a b").errors.hasPrefix("error: --table is a DynamoDB table's name"))
    }

    @Test("a password in the address of Redis is not repeated")
    func secrets() async throws {
        let outcome = try await CommandLineTool().run("get", "s-1", "--store", "memory", "--redis", "redis://:hush@host:port/x")
        #expect(outcome.exitCode == 2)
        #expect(!outcome.errors.contains("hush"))
    }
}
