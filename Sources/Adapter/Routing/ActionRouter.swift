/// Which action does what.
///
/// ```swift
/// var router = ActionRouter()
/// router.on(.get, "/nfts/{wallet_address}") { call, session in
///     ActionAnswer(content: ActionContent(text: "NFTs of \(try call.string("wallet_address"))"))
/// }
/// let adapter = BedrockAdapter(store: store, router: router)
/// ```
///
/// A handler comes before the built-in action of the same name, that before the action of the schema that goes to the upstream API. Paths are matched as
/// the schema spells them, which is how Bedrock sends them, or filled in; a literal path comes before one with templates.
public struct ActionRouter: Sendable {
    /// Does what an action asks for. What it throws becomes an answer: of `SessionStoreError` and `ActionValueError` what the model can do about it, of
    /// anything else that it failed.
    public typealias Handler = @Sendable (ActionCall, ActionSession) async throws -> ActionAnswer
    /// What comes next: further middleware, and the action in the end.
    public typealias Next = @Sendable (ActionCall, ActionSession) async throws -> ActionAnswer
    /// Stands around every action, for logs and measurements.
    public typealias Middleware = @Sendable (ActionCall, ActionSession, Next) async throws -> ActionAnswer

    /// The action group's schema, if there is one: it says the types of the values, and which of them are required.
    public let schema: ActionSchema?
    /// What is wrong with the registered paths, one sentence each; empty when all can be called.
    public private(set) var problems: [String] = []
    /// Every action in the order in which they are looked for: handlers, built-in ones, those of the schema.
    private var all: [Entry]
    private var handlers = 0
    private var builtIns = 0
    private var middleware: [Middleware] = []

    /// A router without handlers.
    public init(schema: ActionSchema? = nil) {
        self.schema = schema
        self.all = (schema?.routes ?? []).map { Entry($0) }
    }

    /// Registers the handler of an operation. `path` is spelled as in the schema, with names in braces. One that is no path is noted in `problems`.
    public mutating func on(_ method: ActionMethod, _ path: String, _ handler: @escaping Handler) {
        do throws(PathTemplate.Problem) {
            self.add(Entry(operation: .api(method, try PathTemplate(path)), target: .handler(handler), acts: method.acts))
        } catch {
            self.problems.append("\(method.rawValue) \(path): \(error.sentence)")
        }
    }

    /// Registers the handler of a function. `acts`: whether it may change something; then it is never handed a remembered value that may be out of date.
    public mutating func on(function name: String, acts: Bool = true, _ handler: @escaping Handler) {
        self.add(Entry(operation: .function(name), target: .handler(handler), acts: acts))
    }

    /// Adds middleware inside of what was added before. It sees a call before its values are read, and its answer.
    public mutating func use(_ middleware: @escaping Middleware) {
        self.middleware.append(middleware)
    }

    // MARK: - Within the adapter

    /// What answers an action.
    enum Target: Sendable {
        /// A handler of the program's, with typed values.
        case handler(Handler)
        /// An action that reads the event itself.
        case builtIn(Handler)
        /// The upstream API.
        case upstream
    }

    enum Operation: Hashable, Sendable {
        case api(ActionMethod, PathTemplate)
        case function(String)

        /// As the schema or the program spells it.
        var name: String {
            switch self {
            case .api(let method, let template): "\(method.rawValue) \(template.text)"
            case .function(let name): name
            }
        }

        /// The names in braces of its path.
        var pathNames: [String] {
            switch self {
            case .api(_, let template): template.names
            case .function: []
            }
        }
    }

    struct Entry: Sendable {
        var operation: Operation
        var target: Target
        var acts: Bool
        var route: ActionRoute?
    }

    struct Match: Sendable {
        var entry: Entry
        /// What the event's path held in place of the names.
        var pathValues: [String: String]
    }

    /// Adds an action that reads the event itself.
    mutating func add(builtIn operation: Operation, acts: Bool, _ handler: @escaping Handler) {
        self.all.insert(Entry(operation: operation, target: .builtIn(handler), acts: acts), at: self.handlers + self.builtIns)
        self.builtIns += 1
    }

    private mutating func add(_ handler: Entry) {
        self.all.insert(handler, at: self.handlers)
        self.handlers += 1
    }

    /// The handler with all middleware around it.
    func wrapped(_ handler: @escaping Handler) -> Handler {
        self.middleware.reversed().reduce(handler) { next, middleware in
            { call, session in try await middleware(call, session, next) }
        }
    }

    /// What an event calls; nil: there is no such action.
    func match(_ operation: ActionOperation) -> Match? {
        switch operation {
        case .function(let name):
            guard var entry = self.all.first(where: { $0.operation == .function(name) }) else { return nil }
            self.complete(&entry)
            return Match(entry: entry, pathValues: [:])
        case .api(let method, let path):
            guard let method = ActionMethod(name: method) else { return nil }
            return self.match(method, ConcretePath(path))
        }
    }

    /// Every function by name, or every operation, handlers first.
    func names(ofFunctions: Bool) -> [String] {
        self.all.map(\.operation).filter { if case .function = $0 { ofFunctions } else { !ofFunctions } }.map(\.name)
    }

    private func match(_ method: ActionMethod, _ path: ConcretePath) -> Match? {
        var best: (index: Int, values: [String: String])?
        if let named = self.first(method, where: { $0.isNamed(by: path) }) {
            // A handler may call the names in braces otherwise.
            best = (self.first(method, where: { $0.shape == named.template.shape })?.index ?? named.index, [:])
        } else {
            var known: PathTemplate?
            // Not by `for entry in`: each would be copied, with all that it holds.
            for index in self.all.indices {
                guard case .api(method, let template) = self.all[index].operation, let values = template.values(in: path) else { continue }
                if let known, !template.isMoreSpecific(than: known) { continue }
                known = template
                best = (index, values)
            }
        }
        guard let best else { return nil }
        var entry = self.all[best.index]
        self.complete(&entry)
        // A name in braces stands for no value: the schema of the agent and this one call it differently.
        return Match(entry: entry, pathValues: best.values.filter { !($0.value.hasPrefix("{") && $0.value.hasSuffix("}")) })
    }

    /// The first action of that method whose path is the one that is looked for.
    private func first(_ method: ActionMethod, where isMeant: (PathTemplate) -> Bool) -> (index: Int, template: PathTemplate)? {
        for index in self.all.indices {
            // As above.
            if case .api(method, let template) = self.all[index].operation, isMeant(template) { return (index, template) }
        }
        return nil
    }

    /// A handler's action takes what the schema says of it.
    private func complete(_ entry: inout Entry) {
        guard entry.route == nil else { return }
        entry.route = self.schema?.routes.first { route in
            switch (entry.operation, route.operation) {
            case (.function(let name), .function(let other)): name == other
            case (.api(let method, let template), .api): method == route.method && template.shape == route.path.shape
            case (.api, .function), (.function, .api): false
            }
        }
    }
}

extension ActionRouter.Entry {
    /// An action of the schema that nobody handles: it goes upstream.
    fileprivate init(_ route: ActionRoute) {
        let operation: ActionRouter.Operation =
            switch route.operation {
            case .api: .api(route.method, route.path)
            case .function(let name): .function(name)
            }
        self.init(operation: operation, target: .upstream, acts: route.acts, route: route)
    }
}
