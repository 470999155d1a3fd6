package import JSON

/// The schema that an action group was created with: what can be called, and what each call takes.
///
/// Either an OpenAPI 3.0 document or function details, both in JSON. What is unknown in it is ignored.
///
/// Sources: Amazon Bedrock User Guide, "Define OpenAPI schemas for your agent's action groups in Amazon Bedrock" and "Define function details for your
/// agent's action groups in Amazon Bedrock"; OpenAPI Specification 3.0.3.
public struct ActionSchema: Hashable, Sendable {
    /// The actions, in the document's order.
    public let routes: [ActionRoute]

    /// Bytes of the largest document.
    public static let maximumBytes = 4 << 20
    /// Actions of a document.
    static let maximumRoutes = 500

    /// Reads a document, UTF-8 JSON. Throws everything that is wrong with it.
    public init(json: [UInt8]) throws(ActionSchemaError) {
        guard json.count <= Self.maximumBytes else {
            throw ActionSchemaError(["the schema has more than \(Self.maximumBytes >> 20) MB: leave examples and descriptions out"])
        }
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: json)
        } catch {
            throw ActionSchemaError(["the schema cannot be read: \(error)"])
        }
        try self.init(document)
    }

    /// Reads a parsed document.
    package init(_ document: JSONValue) throws(ActionSchemaError) {
        let functions = document["functionSchema"]?["functions"] ?? document["functions"]
        guard document["paths"] != nil || functions != nil else {
            throw ActionSchemaError([
                "the schema has neither paths nor functions: give an OpenAPI 3.0 document, or function details as {\"functions\": [...]}"
            ])
        }
        var routes: [ActionRoute] = []
        var problems: [String] = []
        if document["paths"] != nil {
            var reader = OpenAPIReader(document)
            routes += reader.routes()
            problems += reader.problems
        }
        if let functions {
            var reader = FunctionReader()
            routes += reader.routes(functions)
            problems += reader.problems
        }
        problems += Self.doubles(routes)
        if routes.count > Self.maximumRoutes { problems.append("the schema has more than \(Self.maximumRoutes) actions") }
        if routes.isEmpty, problems.isEmpty { problems.append("the schema has no action: declare at least one") }
        guard problems.isEmpty else { throw ActionSchemaError(problems) }
        self.routes = routes
    }

    /// Actions that the same event would call.
    private static func doubles(_ routes: [ActionRoute]) -> [String] {
        var seen: [String: String] = [:]
        var problems: [String] = []
        for route in routes {
            let key =
                switch route.operation {
                case .api: "\(route.method.rawValue) \(route.path.shape)"
                case .function(let name): "function \(name)"
                }
            if let other = seen.updateValue(route.name, forKey: key) {
                problems.append(
                    other == route.name
                        ? "\(route.name) is declared twice" : "\(route.name) and \(other) take the same paths: leave one out")
            }
        }
        return problems
    }
}
