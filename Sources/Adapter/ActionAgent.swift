/// The agent that sent an event.
public struct ActionAgent: Hashable, Sendable {
    /// Its name.
    public var name: String?
    /// Its id.
    public var id: String?
    /// The alias it was invoked by.
    public var alias: String?
    /// Its version.
    public var version: String?

    /// An agent with these parts.
    public init(name: String? = nil, id: String? = nil, alias: String? = nil, version: String? = nil) {
        self.name = name
        self.id = id
        self.alias = alias
        self.version = version
    }
}
