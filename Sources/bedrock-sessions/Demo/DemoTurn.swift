import JSON

/// One turn of a conversation: what was said, called, answered.
struct DemoTurn: Sendable {
    /// What the user said.
    var line: DemoScript.Line
    /// What the agent sent to the adapter.
    var event: DemoEvent
    /// What the adapter answered.
    var answer: [UInt8]
    /// The answer, read; nil: it cannot be.
    var outcome: ActionOutcome?
    /// What the agent says.
    var reply: String
}
