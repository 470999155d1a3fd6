import JSON

/// Reads the operations of an OpenAPI document.
///
/// Source: OpenAPI Specification 3.0.3 (https://spec.openapis.org/oas/v3.0.3); `x-requireConfirmation` is Amazon Bedrock's, `x-remember` ours.
struct OpenAPIReader {
    private let document: JSONValue
    private var types: SchemaTypes
    /// What is wrong with the document.
    var problems: [String] { self.types.problems }

    init(_ document: JSONValue) {
        self.document = document
        self.types = SchemaTypes(document)
    }

    /// Every operation that can be read.
    mutating func routes() -> [ActionRoute] {
        if let version = self.document["swagger"].map({ ActionValue($0).text }) {
            self.types.complain("swagger", "version \(version) is not read: convert the document to OpenAPI 3.0")
            return []
        }
        // `openapi: 3.0` without quotes is a number.
        if let version = self.document["openapi"], ActionValue(version).text.hasPrefix("3.") == false {
            self.types.complain("openapi", "the version is none that is read: give an OpenAPI 3.0 document")
        }
        guard let paths = self.document["paths"]?.members else {
            self.types.complain("paths", "it is an object with a member for each path")
            return []
        }
        var routes: [ActionRoute] = []
        for path in paths where !path.name.hasPrefix("x-") {
            let place = "paths.\(path.name)"
            let template: PathTemplate
            do throws(PathTemplate.Problem) {
                template = try PathTemplate(path.name)
            } catch {
                self.types.complain(place, error.sentence)
                continue
            }
            guard let item = self.types.resolved(path.value, at: place) else { continue }
            guard let members = item.members else {
                self.types.complain(place, "it is an object with a member for each method")
                continue
            }
            let common = self.parameters(item["parameters"], at: place)
            for member in members {
                // Only small letters are methods (OpenAPI 3.0.3, "Path Item Object").
                guard let method = ActionMethod.allCases.first(where: { $0.rawValue.lowercased() == member.name }) else { continue }
                if let route = self.route(method, template, member.value, common, at: "\(place).\(member.name)") { routes.append(route) }
            }
        }
        return routes
    }

    private mutating func route(
        _ method: ActionMethod, _ path: PathTemplate, _ operation: JSONValue, _ common: [ActionInput], at place: String
    ) -> ActionRoute? {
        guard operation.members != nil else {
            self.types.complain(place, "an operation is an object")
            return nil
        }
        let own = self.parameters(operation["parameters"], at: place)
        let parameters = common.filter { one in !own.contains { $0.name == one.name && $0.place == one.place } } + own
        self.check(parameters, against: path, at: place)
        let (bodies, requiresBody) = self.bodies(operation["requestBody"], at: "\(place).requestBody")
        return ActionRoute(
            operation: .api(method: method.rawValue, path: path.text), method: method, path: path, parameters: parameters,
            bodies: method.hasBody ? bodies : [], requiresBody: requiresBody && method.hasBody,
            requiresConfirmation: operation["x-requireConfirmation"]?.string == "ENABLED")
    }

    private mutating func check(_ parameters: [ActionInput], against path: PathTemplate, at place: String) {
        let inPath = Set(parameters.lazy.filter { $0.place == .path }.map(\.name))
        for name in path.names where !inPath.contains(name) {
            self.types.complain(place, "the path's {\(name)} is not declared as a parameter in path")
        }
        for name in inPath.subtracting(path.names).sorted() {
            self.types.complain(place, "the parameter \(name) is in path, but the path has no {\(name)}")
        }
    }

    // MARK: - Parameters

    private mutating func parameters(_ list: JSONValue?, at place: String) -> [ActionInput] {
        guard let list else { return [] }
        guard let elements = list.elements else {
            self.types.complain("\(place).parameters", "it is a list")
            return []
        }
        var inputs: [ActionInput] = []
        for (index, element) in elements.enumerated() {
            let place = "\(place).parameters[\(index)]"
            guard let input = self.parameter(element, at: place) else { continue }
            if inputs.contains(where: { $0.name == input.name && $0.place == input.place }) {
                self.types.complain(place, "the parameter \(input.name) is declared twice")
            }
            inputs.append(input)
        }
        return inputs
    }

    private mutating func parameter(_ element: JSONValue, at place: String) -> ActionInput? {
        guard let value = self.types.resolved(element, at: place) else { return nil }
        guard let name = value["name"]?.string, !name.isEmpty, let location = value["in"]?.string else {
            self.types.complain(place, "a parameter has a name, and in: path, query or header")
            return nil
        }
        let isRequired = value["required"]?.bool ?? false
        guard let target = ActionInput.Place(rawValue: location), target != .body else {
            if location == "cookie" {
                // No agent fills in cookies, and none are sent.
                if isRequired { self.types.complain(place, "the cookie \(name) is required, but no cookies are sent") }
            } else {
                self.types.complain(place, "the parameter \(name) is in \(location), which is none of path, query, header")
            }
            return nil
        }
        if target == .header {
            switch HeaderName(name) {
            case .ignored: return nil
            case .refused:
                self.types.complain(place, "the header \(name) cannot be a parameter")
                return nil
            case .allowed: break
            }
        }
        let content = value["content"]?.members?.first?.value["schema"]
        let schema = value["schema"] ?? content ?? ["type": "string"]
        var input = ActionInput(
            name, self.types.type(schema, at: "\(place).schema"), in: target, isRequired: isRequired || target == .path)
        input.remembers = self.remembered(element, value, schema, at: place)
        if value["style"]?.string == "deepObject" {
            input.style = .deep
        } else if value["explode"] == .bool(false) {
            input.style = .joined
        }
        return input
    }

    /// The first of these that says `x-remember`: beside a reference it says more than what is referred to.
    private mutating func remembered(_ candidates: JSONValue..., at place: String) -> String? {
        for candidate in candidates {
            guard let field = candidate["x-remember"] else { continue }
            if let name = field.string, !name.isEmpty { return name }
            self.types.complain(place, "x-remember is the name of a remembered field, such as wallet_address")
            return nil
        }
        return nil
    }

    // MARK: - Bodies

    private mutating func bodies(_ value: JSONValue?, at place: String) -> (bodies: [ActionBody], isRequired: Bool) {
        guard let value, let body = self.types.resolved(value, at: place) else { return ([], false) }
        guard let content = body["content"]?.members, !content.isEmpty else {
            self.types.complain(place, "a request body has content: an object with a member for each content type")
            return ([], false)
        }
        var bodies: [ActionBody] = []
        for member in content {
            guard let format = ActionBody.Format(contentType: member.name) else { continue }
            let place = "\(place).content.\(member.name)"
            let properties = member.value["schema"].map { self.properties($0, at: "\(place).schema") } ?? []
            bodies.append(ActionBody(contentType: member.name, format: format, properties: properties))
        }
        if bodies.isEmpty {
            self.types.complain(
                place, "none of its content types can be written: give application/json or application/x-www-form-urlencoded")
        }
        // JSON first, in the document's order otherwise.
        return (bodies.filter { $0.format == .json } + bodies.filter { $0.format == .form }, body["required"]?.bool ?? false)
    }

    private mutating func properties(_ schema: JSONValue, at place: String) -> [ActionInput] {
        guard let (members, required) = self.types.properties(schema, at: place) else { return [] }
        return members.map { member in
            let place = "\(place).properties.\(member.name)"
            var input = ActionInput(
                member.name, self.types.type(member.value, at: place), in: .body, isRequired: required.contains(member.name))
            // The reference itself first: followed, it says what all that refer to it say.
            input.remembers = self.remembered(member.value, self.types.resolved(member.value, at: place) ?? .null, at: place)
            return input
        }
    }
}
