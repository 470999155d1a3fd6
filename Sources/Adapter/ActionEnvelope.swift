/// What an answer repeats of its event. It may be known even when the rest of the event is no use.
struct ActionEnvelope: Hashable, Sendable {
    var actionGroup: String
    var operation: ActionOperation
    var sessionAttributes: ActionAttributes?
    var promptSessionAttributes: ActionAttributes?

    /// For events that do not even say which style they have: a function's answer, whose REPROMPT carries a sentence to the model.
    static let unknown = ActionEnvelope(actionGroup: "", operation: .function(""))
}
