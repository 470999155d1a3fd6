public import SessionStore

/// One event of a Bedrock agent's action group, decoded.
///
/// Source: Amazon Bedrock User Guide, "Configure Lambda functions to send information that an Amazon Bedrock agent elicits from the user". Unknown
/// members are ignored; of the known ones only the session id and the operation have to be there.
public struct ActionRequest: Hashable, Sendable {
    /// What the agent wants done.
    public var operation: ActionOperation
    /// The conversation.
    public var sessionID: SessionID
    /// The action group's name.
    public var actionGroup: String
    /// What the user said in this turn.
    public var inputText: String?
    /// Who sent it.
    public var agent: ActionAgent
    /// The parameters, in the event's order.
    public var parameters: [ActionParameter]
    /// The properties of the request body by content type; function events have none.
    public var body: [String: [ActionParameter]]
    /// What the calling application keeps for the session; nil when the event has none.
    public var sessionAttributes: ActionAttributes?
    /// What the calling application keeps for this turn; nil when the event has none.
    public var promptSessionAttributes: ActionAttributes?

    /// A request with these parts.
    public init(
        operation: ActionOperation, sessionID: SessionID, actionGroup: String = "", inputText: String? = nil,
        agent: ActionAgent = ActionAgent(), parameters: [ActionParameter] = [], body: [String: [ActionParameter]] = [:],
        sessionAttributes: ActionAttributes? = nil,
        promptSessionAttributes: ActionAttributes? = nil
    ) {
        self.operation = operation
        self.sessionID = sessionID
        self.actionGroup = actionGroup
        self.inputText = inputText
        self.agent = agent
        self.parameters = parameters
        self.body = body
        self.sessionAttributes = sessionAttributes
        self.promptSessionAttributes = promptSessionAttributes
    }

    /// What an answer repeats of this request.
    var envelope: ActionEnvelope {
        ActionEnvelope(
            actionGroup: self.actionGroup, operation: self.operation, sessionAttributes: self.sessionAttributes,
            promptSessionAttributes: self.promptSessionAttributes)
    }
}
