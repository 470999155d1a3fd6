import JSON
import TestSupport
import Testing

@testable import Adapter

@Suite("Encoding answers")
struct AnswerEncoderTests {
    private let encoder = AnswerEncoder(maximumBytes: 25_000)

    private func encode(_ answer: ActionAnswer, _ envelope: ActionEnvelope) throws -> JSONValue {
        try JSONValue(parsing: self.encoder.encode(answer, to: envelope).bytes)
    }

    @Test("the OpenAPI style, as AWS documents it")
    func api() throws {
        let envelope = ActionEnvelope(
            actionGroup: "wallets", operation: .api(method: "GET", path: "/wallet"), sessionAttributes: ["userId": "ada"],
            promptSessionAttributes: ["channel": "web"])
        let answer = ActionAnswer(.known, "Use it.", fields: [.init("wallet_address", BedrockEvents.wallet)])
        let expected: JSONValue = [
            "messageVersion": "1.0",
            "response": [
                "actionGroup": "wallets", "apiPath": "/wallet", "httpMethod": "GET", "httpStatusCode": 200,
                "responseBody": [
                    "application/json": [
                        "body": .string(#"{"status":"known","wallet_address":"\#(BedrockEvents.wallet)","message":"Use it."}"#)
                    ]
                ],
            ],
            "sessionAttributes": ["userId": "ada"], "promptSessionAttributes": ["channel": "web"],
        ]
        #expect(try self.encode(answer, envelope) == expected)
    }

    @Test("the function style, as AWS documents it")
    func function() throws {
        let envelope = ActionEnvelope(actionGroup: "wallets", operation: .function("recallWallet"), sessionAttributes: [:])
        let answer = ActionAnswer(.needed, "Ask.")
        let expected: JSONValue = [
            "messageVersion": "1.0",
            "response": [
                "actionGroup": "wallets", "function": "recallWallet",
                "functionResponse": [
                    "responseState": "REPROMPT", "responseBody": ["TEXT": ["body": #"{"status":"needed","message":"Ask."}"#]],
                ],
            ],
            "sessionAttributes": [:],
        ]
        #expect(try self.encode(answer, envelope) == expected)
    }

    @Test("each status has its HTTP code and response state")
    func states() throws {
        let statuses: [(ActionAnswer.Status, Int64, String?)] = [
            (.stored, 200, nil), (.known, 200, nil), (.forgotten, 200, nil), (.needed, 404, "REPROMPT"), (.invalid, 400, "REPROMPT"),
            (.conflict, 409, "REPROMPT"), (.unreadable, 409, "REPROMPT"), (.malformedEvent, 400, "REPROMPT"),
            (.unknownAction, 404, "REPROMPT"),
            (.outcomeUnknown, 503, "REPROMPT"), (.notAllowed, 403, "FAILURE"), (.unavailable, 503, "FAILURE"), (.failed, 500, "FAILURE"),
        ]
        for (status, code, state) in statuses {
            let answer = ActionAnswer(status, "x")
            let api = try self.encode(answer, ActionEnvelope(actionGroup: "g", operation: .api(method: "GET", path: "/")))
            #expect(api["response"]?["httpStatusCode"]?.integer == code)
            let function = try self.encode(answer, ActionEnvelope(actionGroup: "g", operation: .function("f")))
            #expect(function["response"]?["functionResponse"]?["responseState"]?.string == state)
        }
    }

    @Test("whatever the texts hold, the answer is JSON, and so is its body")
    func hostileTexts() throws {
        let hostile = "\"}\n\r\t\u{0}\u{1F}\\ \u{2028} é 日本 🦊"
        // JSON allows a zero character in a member's name, many readers do not; none can come out of an event.
        let key = hostile.filter { $0 != "\0" }
        let envelope = ActionEnvelope(
            actionGroup: hostile, operation: .api(method: hostile, path: hostile), sessionAttributes: [key: hostile])
        let answer = try self.encode(ActionAnswer(.known, hostile, fields: [.init(key, hostile)]), envelope)
        #expect(answer["response"]?["apiPath"]?.string == hostile)
        #expect(answer["sessionAttributes"]?[key]?.string == hostile)
        let body = try #require(answer["response"]?["responseBody"]?["application/json"]?["body"]?.string)
        #expect(try JSONValue(parsing: Array(body.utf8))["message"]?.string == hostile)
    }

    @Test("attributes that do not fit are left out, prompt attributes first")
    func limit() throws {
        let big = String(repeating: "x", count: 20_000)
        var envelope = ActionEnvelope(
            actionGroup: "g", operation: .function("f"), sessionAttributes: ["a": big], promptSessionAttributes: ["b": big])
        let first = self.encoder.encode(ActionAnswer(.known, "m"), to: envelope)
        #expect(!first.isComplete && first.bytes.count <= 25_000)
        let answer = try JSONValue(parsing: first.bytes)
        #expect(answer["sessionAttributes"]?["a"]?.string == big && answer["promptSessionAttributes"] == nil)
        envelope.sessionAttributes = ["a": big + big]
        let second = self.encoder.encode(ActionAnswer(.known, "m"), to: envelope)
        #expect(!second.isComplete && second.bytes.count < 1000)
        #expect(self.encoder.encode(ActionAnswer(.known, "m"), to: .unknown).isComplete)
    }

    @Test("an answer that does not fit is replaced by one that does")
    func largeAnswer() throws {
        let answer = ActionAnswer(.known, String(repeating: "x", count: 30_000))
        let encoded = self.encoder.encode(answer, to: ActionEnvelope(actionGroup: "g", operation: .function("f")))
        #expect(!encoded.isComplete && encoded.bytes.count < 1000)
        #expect(try JSONValue(parsing: encoded.bytes)["response"]?["functionResponse"]?["responseState"]?.string == "FAILURE")
    }
}
