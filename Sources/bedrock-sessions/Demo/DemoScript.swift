/// What is said in the demo, apart from what the adapter answers.
struct DemoScript: Sendable {
    /// The name of this run, in its session and user ids: each run starts with nothing known.
    let name: String

    /// The user whom the calling application names in each event.
    var user: String { "demo-user-\(self.name)" }
    /// The wallet as the user types it: without the case that carries the checksum.
    let typedWallet = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
    /// The same in its normal form.
    let wallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"

    /// One conversation: what the user says, turn by turn.
    struct Conversation: Sendable {
        /// What a reader should know about it.
        var title: String
        /// The session's id.
        var session: String
        /// The style of the action group's events.
        var style: DemoEvent.Style
        /// The user's lines.
        var lines: [Line]
    }

    /// What the user says, and what the agent calls because of it.
    struct Line: Sendable {
        /// What a reader should know before it; nil: nothing.
        var note: String?
        /// The words.
        var text: String
        /// The action.
        var action: DemoEvent.Action
        /// What the agent is asked to do once it knows the wallet.
        var errand: String
    }

    /// The conversations in their order.
    var conversations: [Conversation] {
        [
            Conversation(
                title: "First conversation", session: "demo-\(self.name)-1", style: .function,
                lines: [
                    Line(text: "Please send me my staking rewards.", action: .recall, errand: "sending your staking rewards"),
                    Line(text: self.typedWallet, action: .remember(self.typedWallet), errand: "sending your staking rewards"),
                    Line(note: "later, the same session", text: "Now the airdrop, too.", action: .recall, errand: "sending the airdrop"),
                ]),
            Conversation(
                title: "Second conversation: a new session of the same user", session: "demo-\(self.name)-2", style: .api,
                lines: [Line(text: "It is me again. Refund my fees, please.", action: .recall, errand: "refunding your fees")]),
        ]
    }

    /// Whether the agent knew the wallet at the end of each conversation.
    func isRemembered(in conversations: [[DemoTurn]]) -> Bool {
        conversations.count == self.conversations.count
            && conversations.allSatisfy { turns in
                guard let last = turns.last, last.line.action == .recall, let outcome = last.outcome else { return false }
                return outcome.status == "known" && outcome.wallet == self.wallet
            }
    }

    /// A name that no other run has.
    static func randomName() -> String {
        String(UInt64.random(in: 0x1000_0000_0000...0xFFFF_FFFF_FFFF), radix: 16)
    }
}
