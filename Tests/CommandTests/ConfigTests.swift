import JSON
import TestSupport
import Testing

@Suite("config", .timeLimit(.minutes(1)))
struct ConfigTests {
    private static let secrets = ["pass-word", "seal-me-not", "a-token-of-these-tests", "api-key-of-these"]

    private static func tool(_ file: String, _ environment: [String: String] = [:]) throws -> CommandLineTool {
        var tool = try CommandLineTool()
        let path = try tool.workspace.file("settings.env", Array(file.utf8))
        tool.environment = environment.merging(["BEDROCK_SESSIONS_CONFIG": path]) { $1 }
        return tool
    }

    private static func origin(_ name: String, in document: JSONValue) -> (origin: String?, value: String?) {
        let line = document["settings"]?.elements?.first { $0["name"]?.string == name }
        return (line?["origin"]?.string, line?["value"]?.string)
    }

    @Test("options win over the environment, and that over the file; each value says where it comes from")
    func precedence() async throws {
        let tool = try Self.tool(
            """
            # of a test
            BEDROCK_SESSIONS_TABLE=of-the-file
            BEDROCK_SESSIONS_TTL=12h
            BEDROCK_SESSIONS_STORE=dynamodb
            """, ["BEDROCK_SESSIONS_STORE": "memory", "BEDROCK_SESSIONS_TABLE": "of-the-environment"])
        let outcome = try await tool.run("config", "--json", "--table", "of-the-option")
        #expect(outcome.exitCode == 0)
        let document = try outcome.json
        #expect(Self.origin("BEDROCK_SESSIONS_TABLE", in: document) == ("--table", "of-the-option"))
        #expect(Self.origin("BEDROCK_SESSIONS_STORE", in: document) == ("environment", "memory"))
        #expect(Self.origin("BEDROCK_SESSIONS_TTL", in: document) == ("file", "12h"))
        #expect(Self.origin("BEDROCK_SESSIONS_USER_ATTRIBUTE", in: document) == ("default", "userId"))
        let text = try await tool.run("config")
        #expect(text.output.contains("BEDROCK_SESSIONS_TABLE") && text.output.contains("of-the-environment"))
    }

    @Test("a command goes by the file")
    func used() async throws {
        let tool = try Self.tool("BEDROCK_SESSIONS_STORE=sqlite:of-the-file.db\n")
        #expect(try await tool.run("put", "s-1", "a=1").exitCode == 0)
        #expect(try await tool.run("get", "s-1", "--store", "sqlite:of-the-file.db").exitCode == 0)
        #expect(try await tool.run("get", "s-1", "--store", "memory").exitCode == 1)
    }

    @Test("secrets are masked, wherever they come from")
    func secrets() async throws {
        let key = "\(Self.secrets[1]):" + String(repeating: "A", count: 43) + "="
        let tool = try Self.tool(
            "BEDROCK_SESSIONS_SEAL_KEYS=\(key)\nBEDROCK_SESSIONS_API_KEY_HEADER=X-Key\nBEDROCK_SESSIONS_API_KEY_VALUE=\(Self.secrets[3])\n",
            [
                "BEDROCK_SESSIONS_REDIS_URL": "rediss://someone:\(Self.secrets[0])@cache.example:6379/1",
                "BEDROCK_SESSIONS_TOKEN": Self.secrets[2], "BEDROCK_SESSIONS_API_URL": "https://api.example/v1",
            ])
        for arguments in [["config"], ["config", "--json"], ["config", "--redis", "redis://\(Self.secrets[0])@127.0.0.1/"]] {
            let outcome = try await tool.run(arguments)
            for secret in Self.secrets { #expect(!outcome.output.contains(secret) && !outcome.errors.contains(secret)) }
            #expect(outcome.output.contains("***@") && outcome.output.contains("https://api.example/v1"))
        }
    }

    @Test("what is wrong is listed all at once, and a file that is not there is said to be so")
    func problems() async throws {
        let tool = try Self.tool("BEDROCK_SESSIONS_TTL=soon\n", ["BEDROCK_SESSIONS_STORE": "postgres"])
        let outcome = try await tool.run("config", "--json")
        #expect(outcome.exitCode == 2 && outcome.errorLines.count == 1)
        for name in ["BEDROCK_SESSIONS_STORE", "BEDROCK_SESSIONS_TTL"] { #expect(outcome.errors.contains(name)) }
        #expect(try outcome.json["problems"]?.elements?.count == 2)
        let missing = try CommandLineTool(environment: ["BEDROCK_SESSIONS_CONFIG": "nowhere.env"])
        let refused = try await missing.run("get", "s-1")
        #expect(refused.exitCode == 2 && refused.errors.contains("BEDROCK_SESSIONS_CONFIG"))
    }
}
