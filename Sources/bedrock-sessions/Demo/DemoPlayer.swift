import Adapter
import JSON

/// Plays the script: a stand-in for the model decides as the script says, everything else is real.
struct DemoPlayer: Sendable {
    let script: DemoScript
    let configuration: AdapterConfiguration
    /// Hears of each turn; nil: nobody does.
    let printer: DemoPrinter?

    /// Every conversation, on one store.
    func playAll(on stores: Stores) async -> [[DemoTurn]] {
        var conversations: [[DemoTurn]] = []
        for conversation in self.script.conversations { conversations.append(await self.play(conversation, on: stores)) }
        return conversations
    }

    /// One conversation.
    func play(_ conversation: DemoScript.Conversation, on stores: Stores) async -> [DemoTurn] {
        self.printer?.print(heading: conversation)
        let adapter = stores.adapter(self.configuration)
        var turns: [DemoTurn] = []
        for line in conversation.lines {
            let event = DemoEvent(
                style: conversation.style, action: line.action, session: conversation.session, inputText: line.text,
                attributes: [JSONValue.Member(self.configuration.userAttribute, .string(self.script.user))])
            let answer = await adapter.respond(to: event.json.encoded)
            let outcome = ActionOutcome(answer)
            let turn = DemoTurn(line: line, event: event, answer: answer, outcome: outcome, reply: Self.reply(to: line, outcome))
            self.printer?.print(turn)
            turns.append(turn)
        }
        return turns
    }

    /// What a model would make of the answer.
    private static func reply(to line: DemoScript.Line, _ outcome: ActionOutcome?) -> String {
        switch (outcome?.status, outcome?.wallet) {
        case ("known", let wallet?): "I know your wallet. I am \(line.errand) to \(wallet)."
        case ("stored", let wallet?): "Thank you, I will remember it. I am \(line.errand) to \(wallet)."
        case ("needed", _): "Which wallet address should they go to?"
        default: "I am sorry, I cannot do that now. \(outcome?.message ?? "The answer could not be read.")"
        }
    }
}
