import JSON
import TestSupport
import Testing

@Suite("invoke", .timeLimit(.minutes(1)))
struct InvokeTests {
    @Test("an event of either style goes through the adapter, from a file or from standard input")
    func styles() async throws {
        let tool = try CommandLineTool()
        let event = try tool.workspace.file("event.json", BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "alice").encoded)
        let stored = try await tool.run("invoke", event)
        #expect(stored.exitCode == 0)
        #expect(try stored.json["response"]?["httpStatusCode"]?.integer == 200)
        #expect(try stored.json["sessionAttributes"]?["userId"] == "alice")
        let recalled = try await tool.run(
            "invoke", "-", input: BedrockEvents.function("recallWallet", user: "alice", session: "other-1").encoded)
        #expect(recalled.exitCode == 0)
        let body = try recalled.json["response"]?["functionResponse"]?["responseBody"]?["TEXT"]?["body"]?.string
        #expect(body?.contains(BedrockEvents.wallet) == true)
    }

    @Test("a malformed event is answered for the model and reported to the person", arguments: ["", "[]", "{}", #"{"function":"x"}"#])
    func malformed(_ event: String) async throws {
        let outcome = try await CommandLineTool().run("invoke", "-", input: Array(event.utf8))
        #expect(outcome.exitCode == 1)
        #expect(try outcome.json["messageVersion"] == "1.0")
        #expect(outcome.errorLines.count == 1)
    }

    @Test("an action that neither model nor user can repair is a failure")
    func failure() async throws {
        let tool = try CommandLineTool()
        _ = try await tool.run("put", BedrockEvents.session, "a=1", "--user", "bob")
        let outcome = try await tool.run("invoke", "-", input: BedrockEvents.function("recallWallet", user: "alice").encoded)
        #expect(outcome.exitCode == 1)
        #expect(try outcome.json["response"]?["functionResponse"]?["responseState"] == "FAILURE")
    }

    @Test("a plain test event is answered with what is stored; an owner's session refuses others; switched off, it is refused")
    func directEvent() async throws {
        let tool = try CommandLineTool()
        let event: JSONValue = ["session_id": "s-1", "user_id": "ada", "wallet_address": .string(BedrockEvents.wallet), "data": ["a": 1]]
        let stored = try await tool.run("invoke", "-", input: event.encoded)
        #expect(stored.exitCode == 0)
        #expect(try stored.json["wallet_address"] == .string(BedrockEvents.wallet))
        let foreign: JSONValue = ["session_id": "s-1", "user_id": "eve"]
        let refused = try await tool.run("invoke", "-", input: foreign.encoded)
        #expect(refused.exitCode == 1)
        #expect(try refused.json["error"] == "notOwner")
        let off = try CommandLineTool(environment: ["BEDROCK_SESSIONS_DIRECT_EVENTS": "off"])
        #expect(try await off.run("invoke", "-", input: event.encoded).exitCode == 1)
    }

    @Test("the session attribute that names the user is configured by a variable")
    func userAttribute() async throws {
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_USER_ATTRIBUTE": "customer"])
        var event = BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet)
        event["sessionAttributes"] = ["customer": "carol"]
        #expect(try await tool.run("invoke", "-", input: event.encoded).exitCode == 0)
        #expect(try await tool.run("wallet", "get", "other-1", "--user", "carol").output == BedrockEvents.wallet + "\n")
    }
}
