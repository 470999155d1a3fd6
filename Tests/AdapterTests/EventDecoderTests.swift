import JSON
import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("Decoding events")
struct EventDecoderTests {
    private func failure(_ event: JSONValue) -> ActionDecodingError? {
        #expect(throws: ActionDecodingError.self) { try ActionRequest(decoding: event.encoded) }
    }

    @Test("an OpenAPI event is read whole")
    func api() throws {
        var event = BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "ada")
        event["parameters"] = [["name": "chain", "type": "string", "value": "evm"]]
        let request = try ActionRequest(decoding: event.encoded)
        #expect(request.operation == .api(method: "POST", path: "/wallet"))
        #expect(request.sessionID.rawValue == BedrockEvents.session)
        #expect(request.actionGroup == "wallets")
        #expect(request.inputText == "It is \(BedrockEvents.wallet).")
        #expect(request.agent == ActionAgent(name: "shop-assistant", id: "AGENT00001", alias: "TSTALIASID", version: "DRAFT"))
        #expect(request.parameters == [ActionParameter(name: "chain", type: "string", value: "evm")])
        #expect(
            request.body == ["application/json": [ActionParameter(name: "wallet_address", type: "string", value: BedrockEvents.wallet)]])
        #expect(request.sessionAttributes?["userId"] == "ada")
        #expect(request.promptSessionAttributes == ["channel": "web"])
    }

    @Test("a function event is read whole")
    func function() throws {
        let request = try ActionRequest(decoding: BedrockEvents.function("recallWallet", wallet: BedrockEvents.wallet).encoded)
        #expect(request.operation == .function("recallWallet"))
        #expect(request.parameters == [ActionParameter(name: "wallet_address", type: "string", value: BedrockEvents.wallet)])
        #expect(request.body.isEmpty)
        #expect(request.sessionAttributes?["userId"] == nil)
    }

    @Test("the session id and the operation are enough, and unknown members are ignored")
    func least() throws {
        let event: JSONValue = ["sessionId": "s-1", "function": "recallWallet", "novelty": ["deep": [1, nil]]]
        let request = try ActionRequest(decoding: event.encoded)
        #expect(request == ActionRequest(operation: .function("recallWallet"), sessionID: try SessionID("s-1")))
    }

    @Test("null stands for a missing member")
    func nulls() throws {
        let event: JSONValue = [
            "sessionId": "s-1", "apiPath": "/wallet", "httpMethod": "GET", "function": nil, "messageVersion": nil, "agent": nil,
            "inputText": nil,
            "parameters": nil, "requestBody": nil, "sessionAttributes": nil, "promptSessionAttributes": nil, "actionGroup": nil,
        ]
        let expected = ActionRequest(operation: .api(method: "GET", path: "/wallet"), sessionID: try SessionID("s-1"))
        #expect(try ActionRequest(decoding: event.encoded) == expected)
    }

    @Test("values that are no text keep their JSON text, null and a missing value are none")
    func values() throws {
        var event = BedrockEvents.function("f")
        event["parameters"] = [
            ["name": "a", "value": 7], ["name": "b", "value": true], ["name": "c", "value": ["x", 1]], ["name": "d", "value": nil],
            ["name": "e"],
            ["name": "f", "value": "", "type": 3],
        ]
        #expect(try ActionRequest(decoding: event.encoded).parameters.map(\.value) == ["7", "true", #"["x",1]"#, nil, nil, ""])
    }

    @Test("several content types are kept apart")
    func contentTypes() throws {
        var event = BedrockEvents.api("POST")
        event["requestBody"] = [
            "content": [
                "application/json": ["properties": [["name": "a", "value": "1"]]], "text/plain": ["properties": []], "empty": [:],
                "none": nil,
            ]
        ]
        let body = try ActionRequest(decoding: event.encoded).body
        #expect(body["application/json"] == [ActionParameter(name: "a", value: "1")])
        #expect(body["text/plain"] == [] && body["empty"] == [] && body["none"] == [])
    }

    @Test(
        "bytes that are no JSON object are refused",
        arguments: [
            "", " ", "{", "[]", "null", "\"text\"", "7", "{\"a\":1}}", "{\"sessionId\":\"a\\ud800\"}", "{'a':1}", "\u{0}",
            #"{"sessionId":"s-1","sessionId":"s-2","function":"recallWallet"}"#,
            #"{"sessionId":"s-1","function":"recallWallet","sessionAttributes":{"userId":"ada","userId":"eve"}}"#,
        ])
    func noObject(text: String) {
        let error = #expect(throws: ActionDecodingError.self) { try ActionRequest(decoding: Array(text.utf8)) }
        #expect(error?.envelope == .unknown)
        #expect(error?.message.isEmpty == false)
    }

    @Test("bytes that are no UTF-8 are refused")
    func noUTF8() {
        let bytes = Array(#"{"sessionId":"s-1","function":""#.utf8) + [0xFF, 0xC0] + Array(#""}"#.utf8)
        #expect(throws: ActionDecodingError.self) { try ActionRequest(decoding: bytes) }
    }

    @Test("nesting without end is refused", arguments: [200, 100_000])
    func depth(levels: Int) {
        let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let event = #"{"sessionId":"s-1","function":"recallWallet","x":\#(text)}"#
        #expect(throws: ActionDecodingError.self) { try ActionRequest(decoding: Array(event.utf8)) }
    }

    @Test(
        "a member of the wrong type is named, and the answer still finds its way",
        arguments: [
            "inputText", "messageVersion", "parameters", "requestBody", "sessionAttributes", "promptSessionAttributes", "sessionId",
        ])
    func wrongTypes(member: String) {
        for wrong: JSONValue in [7, true, [["x"]], "text", ["content": 7], ["content": ["application/json": 7]]] {
            var event = BedrockEvents.api("POST", user: "ada")
            if member == "inputText" && wrong.string != nil { continue }
            if ["sessionAttributes", "promptSessionAttributes"].contains(member) && wrong.members != nil { continue }
            event[member] = member == "sessionId" && wrong.string != nil ? "not a session id" : wrong
            let error = self.failure(event)
            #expect(error?.message.contains(member.hasPrefix("requestBody") ? "requestBody" : member) == true)
            #expect(error?.envelope.operation == .api(method: "POST", path: "/wallet"))
            #expect(error?.envelope.actionGroup == "wallets")
        }
    }

    @Test("parameters without a name are refused", arguments: [7, nil, [], [:], ["name": 7], ["value": "x"]] as [JSONValue])
    func namelessParameters(element: JSONValue) {
        var event = BedrockEvents.function("f")
        event["parameters"] = [element]
        #expect(self.failure(event)?.message.contains("no name") == true)
    }

    @Test("an event without an operation is refused, in the style that it seems to have and with its attributes")
    func noOperation() {
        var event = BedrockEvents.function("f", user: "ada")
        event["function"] = nil
        #expect(self.failure(event)?.message.contains("names no action") == true)
        #expect(self.failure(event)?.envelope.operation == .function(""))
        #expect(self.failure(event)?.envelope.actionGroup == "wallets")
        #expect(self.failure(event)?.envelope.sessionAttributes?["userId"] == "ada")
        event["apiPath"] = "/wallet"
        #expect(self.failure(event)?.message.contains("httpMethod") == true)
        #expect(self.failure(event)?.envelope.operation == .api(method: "", path: "/wallet"))
        event["httpMethod"] = .string(String(repeating: "x", count: 513))
        #expect(self.failure(event)?.envelope.operation == .api(method: "", path: "/wallet"))
        event["apiPath"] = nil
        event["httpMethod"] = "GET"
        #expect(self.failure(event)?.message.contains("apiPath") == true)
        #expect(self.failure(event)?.envelope.operation == .api(method: "GET", path: ""))
    }

    @Test(
        "session ids outside the alphabet are refused without being repeated",
        arguments: ["", "a", "a b", "user#ada", "ä1", "a\u{0}b", String(repeating: "z", count: 101)])
    func sessionIDs(id: String) {
        var event = BedrockEvents.function("recallWallet")
        event["sessionId"] = .string(id)
        let error = self.failure(event)
        #expect(error?.message.contains("sessionId") == true)
        if id.utf8.count > 3 { #expect(error?.description.contains(id) == false) }
    }

    @Test("later message versions are refused, minor ones accepted")
    func messageVersions() throws {
        var event = BedrockEvents.function("recallWallet")
        event["messageVersion"] = "1.7"
        #expect(throws: Never.self) { try ActionRequest(decoding: event.encoded) }
        for older in ["1", "1.0", "0.9", .number("1.0"), .number("1")] as [JSONValue] {
            event["messageVersion"] = older
            #expect(throws: Never.self) { try ActionRequest(decoding: event.encoded) }
        }
        for later in ["2.0", "10.0", "", "one", .number("2"), true] as [JSONValue] {
            event["messageVersion"] = later
            #expect(self.failure(event)?.message.contains("messageVersion") == true)
        }
    }
}
