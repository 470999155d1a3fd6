/// One action of an action group, as its schema declares it.
public struct ActionRoute: Hashable, Sendable {
    /// How the agent calls it: a method with a path as the schema has it, or a function.
    public var operation: ActionOperation
    /// The method of the upstream call.
    public var method: ActionMethod
    /// The path of the upstream call. A function's is `/` and its name, unless its `x-upstream` says another one.
    public var path: PathTemplate
    /// What it takes outside of a request body, in the schema's order.
    public var parameters: [ActionInput]
    /// The request bodies it takes, `application/json` first.
    public var bodies: [ActionBody]
    /// Whether it cannot do without a body.
    public var requiresBody: Bool
    /// Whether the action group has the user confirm each call (`x-requireConfirmation`, `requireConfirmation`).
    public var requiresConfirmation: Bool

    /// Whether it may change something.
    public var acts: Bool { self.method.acts }

    /// How the agent calls it, for people: `GET /nfts/{wallet_address}`, `listNFTs`.
    public var name: String { self.operation.name }

    /// The body that an event means: the first one whose content type the event has, else the first.
    func body(sent types: some Collection<String>) -> ActionBody? {
        let sent = Set(types.map { ContentType.essence($0) })
        return self.bodies.first { sent.contains(ContentType.essence($0.contentType)) } ?? self.bodies.first
    }

    /// Everything it takes with that body.
    func inputs(with body: ActionBody?) -> [ActionInput] {
        self.parameters + (body?.properties ?? [])
    }
}

extension ActionOperation {
    /// As people write it.
    var name: String {
        switch self {
        case .api(let method, let path): "\(method.uppercased()) \(path)"
        case .function(let name): name
        }
    }
}

/// Names of content types.
enum ContentType {
    /// Type and subtype alone, in small letters (RFC 9110, section 8.3.1).
    static func essence(_ text: some StringProtocol) -> String {
        text.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    /// Whether its body is JSON.
    static func isJSON(_ text: some StringProtocol) -> Bool {
        let essence = Self.essence(text)
        return essence == "application/json" || essence.hasPrefix("application/") && essence.hasSuffix("+json")
    }
}
