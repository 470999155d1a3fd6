import JSON

/// The demo as a JSON document: every event with its answer.
enum DemoDocument {
    static func json(_ script: DemoScript, _ conversations: [[DemoTurn]], remembered: Bool) -> JSONValue {
        let played = zip(script.conversations, conversations).map { conversation, turns in
            JSONValue.object([
                .init("session", .string(conversation.session)), .init("turns", .array(turns.map { Self.json($0) })),
            ])
        }
        return .object([
            .init("remembered", .bool(remembered)), .init("user", .string(script.user)), .init("wallet_address", .string(script.wallet)),
            .init("conversations", .array(played)),
        ])
    }

    private static func json(_ turn: DemoTurn) -> JSONValue {
        .object([
            .init("user", .string(turn.line.text)),
            .init("event", turn.event.json),
            .init("answer", (try? JSONValue(parsing: turn.answer)) ?? .null),
            .init("agent", .string(turn.reply)),
        ])
    }
}
