import Testing

@Suite("Help", .timeLimit(.minutes(1)))
struct HelpTests {
    private static let commands = [
        ["demo"], ["serve"], ["invoke"], ["create-table"], ["seal-key"], ["get"], ["put"], ["delete"], ["wallet"], ["wallet", "get"],
        ["wallet", "set"], ["wallet", "forget"], ["doctor"], ["policy"], ["config"], ["schema"], ["package"], ["load"], ["selftest"],
        ["inspect"], ["audit"], ["warm"], ["sessions"], ["forget"], ["export"], ["import"], ["plan"],
    ]

    @Test("every command explains itself with an example", arguments: Self.commands)
    func commandHelp(_ command: [String]) async throws {
        let tool = try CommandLineTool()
        let outcome =
            command.count == 1 ? try await tool.run(command[0], "--help") : try await tool.run(command[0], command[1], "--help")
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("USAGE: bedrock-sessions " + command.joined(separator: " ")))
        #expect(outcome.output.contains("Examples:"))
    }

    @Test("the root lists every command and the exit codes")
    func rootHelp() async throws {
        let outcome = try await CommandLineTool().run("--help")
        #expect(outcome.exitCode == 0)
        for command in Self.commands { #expect(outcome.output.contains("  \(command[0])")) }
        #expect(outcome.output.contains("Exit code: 0"))
    }

    @Test(
        "commands that print data offer JSON",
        arguments: [
            "demo", "invoke", "create-table", "get", "put", "delete", "doctor", "selftest", "inspect", "audit", "warm", "sessions",
            "forget", "import", "load", "plan",
        ])
    func jsonFlag(_ command: String) async throws {
        #expect(try await CommandLineTool().run(command, "--help").output.contains("--json"))
    }

    @Test("the version is a number")
    func version() async throws {
        let outcome = try await CommandLineTool().run("--version")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test("the help says how to keep a password out of the arguments")
    func passwordAdvice() async throws {
        let outcome = try await CommandLineTool().run("get", "--help")
        #expect(outcome.output.contains("BEDROCK_SESSIONS_REDIS_URL"))
    }
}
