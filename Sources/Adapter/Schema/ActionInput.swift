/// One value that an action takes: a parameter of its operation, a property of its request body, or a parameter of its function.
public struct ActionInput: Hashable, Sendable {
    /// Where the upstream API wants a value.
    public enum Place: String, Hashable, Sendable {
        /// In the path, in place of `{name}`.
        case path
        /// In the query.
        case query
        /// In a header field of this name.
        case header
        /// In the request's body.
        case body
    }

    /// How a list or an object is written into a query (OpenAPI 3.0, "Style Values").
    enum Style: Hashable, Sendable {
        /// `style: form, explode: true`, the default: a list as `a=1&a=2`, an object as one parameter for each property.
        case exploded
        /// `explode: false`: `a=1,2`.
        case joined
        /// `style: deepObject`: `a[name]=value`.
        case deep
    }

    /// Its name.
    public var name: String
    /// Where it goes.
    public var place: Place
    /// Its type.
    public var type: ActionValueType
    /// Whether the action cannot do without it.
    public var isRequired: Bool
    /// The remembered field it is, if the schema says so (`x-remember`): then its name may be another one.
    public var remembers: String?
    var style = Style.exploded

    /// An input with these parts.
    public init(
        _ name: String, _ type: ActionValueType = .string, in place: Place = .query, isRequired: Bool = false, remembers: String? = nil
    ) {
        self.name = name
        self.place = place
        self.type = type
        self.isRequired = isRequired
        self.remembers = remembers
    }
}
