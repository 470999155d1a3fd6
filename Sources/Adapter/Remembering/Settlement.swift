/// What became of the remembered fields of an action.
public enum Settlement: Hashable, Sendable {
    /// The action can go ahead: the value of every remembered field that is known, by field name. Every needed one is among them.
    case ready([String: RememberedValue])
    /// The action cannot go ahead: this is what the model hears instead.
    case answer(ActionAnswer)
}
