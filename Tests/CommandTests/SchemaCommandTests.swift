import JSON
import TestSupport
import Testing

@Suite("schema", .timeLimit(.minutes(1)))
struct SchemaCommandTests {
    private static let yaml = """
        openapi: 3.0.3
        info: {title: Shop, version: 1.0.0}
        x-limits: &limit {type: integer, default: 0x10}
        paths:
          /nfts/{owner}:
            get:
              description: >
                Lists what
                an owner has.
              parameters:
                - {name: owner, in: path, required: true, schema: {type: string}, x-remember: wallet_address}
                - name: limit
                  in: query
                  schema: *limit
                - name: order
                  in: query
                  schema: {type: string, enum: [yes, no, on, 'true', 1.0.0]}
              responses:
                200: {description: ok}
          /orders:
            post:
              x-requireConfirmation: ENABLED
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [nft]
                      properties:
                        nft: {type: string}
                        gift: {type: boolean, default: False}
        """

    @Test("a schema in YAML is explained, and printed as the JSON that a Lambda reads")
    func yamlSchema() async throws {
        let tool = try CommandLineTool()
        let file = try tool.workspace.file("openapi.yaml", Array(Self.yaml.utf8))
        let shown = try await tool.run("schema", file)
        #expect(shown.exitCode == 0)
        #expect(
            shown.output == """
                GET /nfts/{owner}
                    owner: string, in path, required, remembered as wallet_address
                    limit: integer, in query
                    order: string, in query
                POST /orders  confirmed by the user
                    nft: string, in body, required
                    gift: boolean, in body

                """)
        let printed = try await tool.run("schema", file, "--json")
        let parameters = try printed.json["paths"]?["/nfts/{owner}"]?["get"]?["parameters"]?.elements
        #expect(parameters?[1]["schema"] == ["type": "integer", "default": 16])
        // As YAML 1.2 has it: only true and false are truth values.
        #expect(parameters?[2]["schema"]?["enum"] == ["yes", "no", "on", "true", "1.0.0"])
        #expect(try printed.json["openapi"] == "3.0.3" && printed.json["info"]?["version"] == "1.0.0")
        let json = try tool.workspace.file("schema.json", Array(printed.output.utf8))
        #expect(try await tool.run("schema", json).output == shown.output)
    }

    @Test("everything that is wrong is said in one line, and the exit code is 1")
    func problems() async throws {
        let tool = try CommandLineTool()
        let file = try tool.workspace.file("schema.json", Array(#"{"functions":[{"name":"a b"},{"name":"c","parameters":7}]}"#.utf8))
        let outcome = try await tool.run("schema", file)
        #expect(outcome.exitCode == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("functions[0]") && outcome.errors.contains("functions.c.parameters"))
        let used = try await tool.run("get", "s-1", "--schema", file)
        #expect(used.exitCode == 2 && used.errors.contains("--schema"))
    }

    @Test(
        "YAML that is none, or means what JSON cannot, is refused with its line",
        arguments: [
            ("a: [", "line"), ("a: 1\na: 2", "twice"),
            ("<<: {a: 1}", "merge keys"), ("? [a]\n: b", "a name is a text"), ("a: !mine b", "tags"),
            ("", "empty"),
            (String(repeating: "[", count: 300), "line"), (String(repeating: "- ", count: 200) + "a", "nested too deeply"),
        ])
    func wrongYAML(text: String, sentence: String) async throws {
        let tool = try CommandLineTool()
        let outcome = try await tool.run("schema", try tool.workspace.file("a.yml", Array(text.utf8)))
        #expect(outcome.exitCode == 1 && outcome.errorLines.count == 1 && outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test("aliases that multiply are refused in time")
    func aliases() async throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...8 {
            text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        let tool = try CommandLineTool()
        let outcome = try await tool.run("schema", try tool.workspace.file("a.yaml", Array(text.utf8)))
        #expect(outcome.exitCode == 1 && outcome.errors.contains("multiply"))
    }

    @Test("invoke and serve call the API of a schema; the same event twice reaches it once, with a file between two processes")
    func upstream() async throws {
        let api = try HTTPLoopback { request in .answer(201, [("Content-Type", "application/json")], #"{"order":"\#(request.number)"}"#) }
        let tool = try CommandLineTool(environment: [
            "BEDROCK_SESSIONS_API_URL": api.url, "BEDROCK_SESSIONS_API_KEY_HEADER": "X-Api-Key",
            "BEDROCK_SESSIONS_API_KEY_VALUE": "s3cr3t-key",
        ])
        let file = try tool.workspace.file("openapi.yaml", Array(Self.yaml.utf8))
        var event = BedrockEvents.api("POST", "/orders")
        event["requestBody"] = ["content": ["application/json": ["properties": [["name": "nft", "type": "string", "value": "Ape"]]]]]
        let body: JSONValue? = #"{"order":"1"}"#
        for _ in 0..<2 {
            let outcome = try await tool.run(["invoke", "-", "--schema", file], input: event.encoded)
            #expect(outcome.exitCode == 0)
            #expect(try outcome.json["response"]?["responseBody"]?["application/json"]?["body"] == body)
        }
        #expect(api.requests.count == 1 && api.requests.first?["x-api-key"] == "s3cr3t-key")
        let server = try await RunningServer(tool, "--schema", file)
        let answer = try await server.send("POST", "/2015-03-31/functions/function/invocations", event)
        #expect(answer.json["response"]?["responseBody"]?["application/json"]?["body"] == body && api.requests.count == 1)
        event["inputText"] = "Another one"
        _ = try await server.send("POST", "/2015-03-31/functions/function/invocations", event)
        #expect(api.requests.count == 2)
        _ = await server.end(15)
    }

    @Test("an API without a schema is a mistake that is said before anything is tried")
    func withoutSchema() async throws {
        let tool = try CommandLineTool(environment: ["BEDROCK_SESSIONS_API_URL": "https://api.example.com"])
        let outcome = try await tool.run("get", "s-1")
        #expect(outcome.exitCode == 2 && outcome.errors.contains("BEDROCK_SESSIONS_SCHEMA"))
    }
}
