package import JSON

/// Events as Bedrock sends them, with values of our own.
package enum BedrockEvents {
    package static let session = "b7e1c9d2-5f04-4c1f-9d6e-2a1f8c3b7a90"
    package static let wallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    package static let otherWallet = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"

    /// What the user says who does not speak of a wallet.
    package static let smallTalk = "What does my collection look like?"

    /// An event of an action group with an OpenAPI schema. `words` are what the user said; without any, the wallet, if there is one.
    package static func api(
        _ method: String, _ path: String = "/wallet", wallet: String? = nil, user: String? = nil, session: String = Self.session,
        words: String? = nil
    ) -> JSONValue {
        var event = Self.common(user: user, session: session, words: words ?? Self.words(wallet))
        event["apiPath"] = .string(path)
        event["httpMethod"] = .string(method)
        event["parameters"] = []
        if let wallet {
            event["requestBody"] = [
                "content": ["application/json": ["properties": [["name": "wallet_address", "type": "string", "value": .string(wallet)]]]]
            ]
        }
        return event
    }

    /// An event of an action group with function details. `words` are what the user said; without any, the wallet, if there is one.
    package static func function(
        _ name: String, wallet: String? = nil, user: String? = nil, session: String = Self.session, words: String? = nil,
        code: String? = nil
    ) -> JSONValue {
        var event = Self.common(user: user, session: session, words: words ?? Self.words(wallet))
        event["function"] = .string(name)
        let parameters = [("wallet_address", wallet), ("wallet_confirmation_code", code)].compactMap { name, value -> JSONValue? in
            value.map { ["name": .string(name), "type": "string", "value": .string($0)] }
        }
        event["parameters"] = .array(parameters)
        return event
    }

    private static func words(_ wallet: String?) -> String {
        wallet.map { "It is \($0)." } ?? Self.smallTalk
    }

    private static func common(user: String?, session: String, words: String) -> JSONValue {
        var attributes: JSONValue = ["locale": "de-AT"]
        if let user { attributes["userId"] = .string(user) }
        return [
            "messageVersion": "1.0",
            "agent": ["name": "shop-assistant", "id": "AGENT00001", "alias": "TSTALIASID", "version": "DRAFT"],
            "inputText": .string(words), "sessionId": .string(session), "actionGroup": "wallets",
            "sessionAttributes": attributes, "promptSessionAttributes": ["channel": "web"],
        ]
    }
}
