import JSON

/// The events that Amazon Bedrock sends for an action of the demo's agent.
///
/// Source: Amazon Bedrock User Guide, "Configure Lambda functions to send information that an Amazon Bedrock agent elicits from the user".
struct DemoEvent: Sendable {
    /// How the action group was defined.
    enum Style: Sendable {
        case function, api
    }

    /// What the agent calls.
    enum Action: Hashable, Sendable {
        case recall
        case remember(String)
    }

    var style: Style
    var action: Action
    var session: String
    var inputText: String
    /// The session attributes that the calling application set.
    var attributes: [JSONValue.Member]

    /// The event.
    var json: JSONValue {
        let envelope: [JSONValue.Member] = [
            .init("messageVersion", "1.0"),
            .init("agent", ["name": "wallet-agent", "id": "DEMOAGENT1", "alias": "DEMOALIAS1", "version": "1"]),
            .init("inputText", .string(self.inputText)),
            .init("sessionId", .string(self.session)),
            .init("actionGroup", "wallet"),
        ]
        let attributes: [JSONValue.Member] = [
            .init("sessionAttributes", .object(self.attributes)), .init("promptSessionAttributes", .object([])),
        ]
        return .object(envelope + self.operation + attributes)
    }

    /// What a person would call the operation: `recallWallet()`, `GET /wallet`.
    var summary: String {
        switch (self.style, self.action) {
        case (.function, .recall): "recallWallet()"
        case (.function, .remember(let wallet)): "rememberWallet(wallet_address: \(wallet))"
        case (.api, .recall): "GET /wallet"
        case (.api, .remember(let wallet)): "POST /wallet wallet_address=\(wallet)"
        }
    }

    private var operation: [JSONValue.Member] {
        let parameters: [JSONValue] =
            switch self.action {
            case .recall: []
            case .remember(let wallet): [["name": "wallet_address", "type": "string", "value": .string(wallet)]]
            }
        switch self.style {
        case .function:
            return [.init("function", self.action == .recall ? "recallWallet" : "rememberWallet"), .init("parameters", .array(parameters))]
        case .api:
            let body: JSONValue = ["content": ["application/json": ["properties": .array(parameters)]]]
            let members: [JSONValue.Member] = [
                .init("apiPath", "/wallet"), .init("httpMethod", self.action == .recall ? "GET" : "POST"), .init("parameters", []),
            ]
            return parameters.isEmpty ? members : members + [.init("requestBody", body)]
        }
    }
}
