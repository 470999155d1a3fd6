package import JSON

/// The two conversations of `bedrock-sessions demo`, event by event: a wallet is asked for, given, remembered, and known in the next session of the user.
package struct TwoConversations: Sendable {
    /// How the action groups were defined, in which order.
    package enum Styles: String, CaseIterable, Sendable {
        case functionThenAPI, apiThenFunction
    }

    /// An event, and what its answer says.
    package struct Step: Sendable {
        package var event: JSONValue
        package var status: String
        package var wallet: String?
    }

    /// The wallet in its normal form; the user types it without the case that carries the checksum.
    package static let wallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    package let steps: [Step]

    /// The events of a user of this name.
    package init(_ styles: Styles, name: String) {
        let typed = Self.wallet.lowercased()
        let first = styles == .functionThenAPI ? Self.function : Self.api
        let second = styles == .functionThenAPI ? Self.api : Self.function
        func event(_ session: Int, _ text: String, _ operation: [JSONValue.Member]) -> JSONValue {
            .object(
                [
                    .init("messageVersion", "1.0"),
                    .init("agent", ["name": "collector", "id": "AGENT00001", "alias": "LIVE000001", "version": "1"]),
                    .init("inputText", .string(text)), .init("sessionId", .string("\(name)-\(session)")), .init("actionGroup", "wallet"),
                ] + operation + [
                    .init("sessionAttributes", ["userId": .string(name)]), .init("promptSessionAttributes", .object([])),
                ])
        }
        self.steps = [
            Step(event: event(1, "Please send me my staking rewards.", first(nil)), status: "needed"),
            Step(event: event(1, typed, first(typed)), status: "stored", wallet: Self.wallet),
            Step(event: event(1, "Now the airdrop, too.", first(nil)), status: "known", wallet: Self.wallet),
            Step(event: event(2, "It is me again. Refund my fees, please.", second(nil)), status: "known", wallet: Self.wallet),
        ]
    }

    private static func parameters(_ wallet: String) -> JSONValue {
        [["name": "wallet_address", "type": "string", "value": .string(wallet)]]
    }

    private static func function(_ wallet: String?) -> [JSONValue.Member] {
        guard let wallet else { return [.init("function", "recallWallet"), .init("parameters", [])] }
        return [.init("function", "rememberWallet"), .init("parameters", Self.parameters(wallet))]
    }

    private static func api(_ wallet: String?) -> [JSONValue.Member] {
        let operation: [JSONValue.Member] = [
            .init("apiPath", "/wallet"), .init("httpMethod", wallet == nil ? "GET" : "POST"), .init("parameters", []),
        ]
        guard let wallet else { return operation }
        return operation + [.init("requestBody", ["content": ["application/json": ["properties": Self.parameters(wallet)]]])]
    }
}
