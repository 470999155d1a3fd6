import Adapter
import JSON
import TestSupport

/// Events of an action group with a schema of its own.
enum ActionEvents {
    /// An OpenAPI event with parameters and the properties of a body.
    static func api(
        _ method: String, _ path: String, _ parameters: [(String, JSONValue)] = [], body: [(String, JSONValue)]? = nil,
        type: String = "application/json", user: String? = nil, session: String = BedrockEvents.session
    ) -> JSONValue {
        var event = BedrockEvents.api(method, path, user: user, session: session)
        event["inputText"] = Self.words
        event["parameters"] = Self.list(parameters)
        if let body { event["requestBody"] = ["content": .object([JSONValue.Member(type, ["properties": Self.list(body)])])] }
        return event
    }

    /// A function event.
    static func function(
        _ name: String, _ parameters: [(String, JSONValue)] = [], user: String? = nil, session: String = BedrockEvents.session
    ) -> JSONValue {
        var event = BedrockEvents.function(name, user: user, session: session)
        event["inputText"] = Self.words
        event["parameters"] = Self.list(parameters)
        return event
    }

    /// What the user typed: a wallet counts as meant.
    private static let words = JSONValue.string(
        "My wallet is \(BedrockEvents.wallet), \(BedrockEvents.wallet.lowercased()) in small letters")

    private static func list(_ values: [(String, JSONValue)]) -> JSONValue {
        .array(values.map { ["name": .string($0.0), "type": "string", "value": $0.1] })
    }

    /// A shop for NFTs, whose calls want the wallet under a name of its own.
    static let shop: ActionSchema = {
        let text = """
            {"openapi": "3.0.3", "paths": {
              "/nfts/{owner}": {"get": {"parameters": [
                 {"name": "owner", "in": "path", "required": true, "schema": {"type": "string"}, "x-remember": "wallet_address"},
                 {"name": "limit", "in": "query", "schema": {"type": "integer"}}]}},
              "/nfts/featured": {"get": {"responses": {}}},
              "/orders": {"post": {"requestBody": {"required": true, "content": {
                 "application/json": {"schema": {"type": "object", "required": ["nft", "quantity", "buyer"], "properties": {
                    "nft": {"type": "string"}, "quantity": {"type": "integer"}, "gift": {"type": "boolean"},
                    "buyer": {"type": "string", "x-remember": "wallet_address"}}}},
                 "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"nft": {"type": "string"}}}}}}}},
              "/orders/{id}": {"delete": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]}}}}
            """
        guard let schema = try? ActionSchema(json: Array(text.utf8)) else { preconditionFailure("the schema is wrong") }
        return schema
    }()
}
