/// What the agent wants done, in the words of its action group; they also decide the style of the answer.
public enum ActionOperation: Hashable, Sendable {
    /// The action group was defined by an OpenAPI schema. Both as the event spells them.
    case api(method: String, path: String)
    /// The action group was defined by function details.
    case function(String)
}
