import JSON
import TestSupport
import Testing

@Suite("wallet", .timeLimit(.minutes(1)))
struct WalletCommandTests {
    @Test("a wallet is stored in its normal form and known in a new session of the same user, to nobody else")
    func memory() async throws {
        let tool = try CommandLineTool()
        let set = try await tool.run("wallet", "set", "s-1", BedrockEvents.wallet.lowercased(), "--user", "alice")
        #expect(set.exitCode == 0)
        #expect(set.output == BedrockEvents.wallet + "\n")
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "alice").output == BedrockEvents.wallet + "\n")
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "bob").exitCode == 1)
        #expect(try await tool.run("wallet", "get", "s-1").exitCode == 1)
        let json = try await tool.run("wallet", "get", "s-2", "--user", "alice", "--json").json
        #expect(json["wallet_address"] == .string(BedrockEvents.wallet))
        #expect(json["chain"] == "evm")
        #expect(json["source"] == "memory")
    }

    @Test("without a user the session alone remembers, and forgets")
    func session() async throws {
        let tool = try CommandLineTool()
        #expect(
            try await tool.run("wallet", "set", "s-1", BedrockEvents.wallet, "--json").json["wallet_address"]
                == .string(BedrockEvents.wallet))
        #expect(try await tool.run("wallet", "get", "s-1", "--json").json["source"] == "session")
        #expect(try await tool.run("wallet", "forget", "s-1", "--json").json == ["id": "s-1", "forgotten": true])
        #expect(try await tool.run("wallet", "forget", "s-1", "--json").json == ["id": "s-1", "forgotten": false])
        #expect(try await tool.run("wallet", "get", "s-1").exitCode == 1)
    }

    @Test("a wallet among the fields of put is checked, remembered and forgotten like any other")
    func throughPut() async throws {
        let tool = try CommandLineTool()
        let put = try await tool.run(
            "put", "s-1", "wallet_address=\(BedrockEvents.wallet.lowercased())", "a=1", "--user", "alice", "--json")
        #expect(try put.json["data"]?["wallet_address"] == .string(BedrockEvents.wallet))
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "alice").output == BedrockEvents.wallet + "\n")
        let replaced = try await tool.run(
            "put", "s-1", "wallet_address=\(BedrockEvents.otherWallet)", "--replace", "--user", "alice", "--json")
        #expect(try replaced.json["data"]?["a"] == nil)
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "alice").output == BedrockEvents.otherWallet + "\n")
        #expect(try await tool.run("put", "s-1", "--remove", "wallet_address", "--user", "alice").exitCode == 0)
        #expect(try await tool.run("wallet", "get", "s-2", "--user", "alice").exitCode == 1)
    }

    @Test("two wallets that contradict each other are both named, and the command fails")
    func conflict() async throws {
        let tool = try CommandLineTool()
        _ = try await tool.run("wallet", "set", "s-1", BedrockEvents.wallet)
        _ = try await tool.run("wallet", "set", "s-2", BedrockEvents.otherWallet, "--user", "alice")
        let outcome = try await tool.run("wallet", "get", "s-1", "--user", "alice")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains(BedrockEvents.wallet))
        #expect(outcome.output.contains(BedrockEvents.otherWallet))
    }
}
