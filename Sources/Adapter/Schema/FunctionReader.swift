import JSON

/// Reads function details.
///
/// Source: Amazon Bedrock API reference, `FunctionSchema`, `Function` and `ParameterDetail`. `x-remember` of a parameter and `x-upstream` of a function
/// are ours: the latter says which call the function is (`"GET /nfts/{wallet_address}"`), `POST` of its name otherwise.
struct FunctionReader {
    private var types = SchemaTypes(.null)
    /// What is wrong with them.
    var problems: [String] { self.types.problems }

    /// Every function that can be read.
    mutating func routes(_ list: JSONValue) -> [ActionRoute] {
        guard let elements = list.elements else {
            self.types.complain("functions", "it is a list")
            return []
        }
        var routes: [ActionRoute] = []
        for (index, element) in elements.enumerated() {
            if let route = self.route(element, at: "functions[\(index)]") { routes.append(route) }
        }
        return routes
    }

    private mutating func route(_ element: JSONValue, at place: String) -> ActionRoute? {
        guard let name = element["name"]?.string, Self.isName(name) else {
            self.types.complain(place, "a function has a name: 1 to 100 of the characters 0-9 a-z A-Z _ -")
            return nil
        }
        let place = "functions.\(name)"
        guard let (method, path) = self.call(element["x-upstream"], name, at: place) else { return nil }
        let inputs = self.inputs(element["parameters"], method, path, at: place)
        for name in path.names where !inputs.contains(where: { $0.name == name }) {
            self.types.complain(place, "x-upstream has {\(name)}, which is none of the function's parameters")
        }
        let properties = inputs.filter { $0.place == .body }
        let confirmation = element["requireConfirmation"]?.string ?? "DISABLED"
        return ActionRoute(
            operation: .function(name), method: method, path: path, parameters: inputs.filter { $0.place != .body },
            bodies: method.hasBody && (method != .delete || !properties.isEmpty)
                ? [ActionBody(contentType: "application/json", format: .json, properties: properties)] : [],
            requiresBody: false, requiresConfirmation: confirmation == "ENABLED")
    }

    /// Source of the rule: Amazon Bedrock API reference, `Function`, `name`.
    private static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                case UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    private mutating func call(_ text: JSONValue?, _ name: String, at place: String) -> (ActionMethod, PathTemplate)? {
        guard let text else { return (try? PathTemplate("/\(name)")).map { (.post, $0) } }
        let parts = text.string?.split(separator: " ") ?? []
        guard parts.count == 2, let method = ActionMethod(name: parts[0]), let path = try? PathTemplate(String(parts[1])) else {
            self.types.complain(place, "x-upstream is a method and a path, such as \"GET /nfts/{wallet_address}\"")
            return nil
        }
        return (method, path)
    }

    private mutating func inputs(
        _ parameters: JSONValue?, _ method: ActionMethod, _ path: PathTemplate, at place: String
    ) -> [ActionInput] {
        guard let parameters, parameters != .null else { return [] }
        guard let members = parameters.members else {
            self.types.complain("\(place).parameters", "it is an object with a member for each parameter")
            return []
        }
        return members.map { member in
            let place = "\(place).parameters.\(member.name)"
            let inPath = path.names.contains(member.name)
            // A DELETE's parameters stand in its query, as those of a GET: bodies of it have no defined meaning (RFC 9110, section 9.3.5).
            let target: ActionInput.Place = inPath ? .path : method.hasBody && method != .delete ? .body : .query
            var input = ActionInput(
                member.name, self.types.type(member.value.withoutRequired, at: place), in: target,
                isRequired: inPath || Self.isTrue(member.value["required"]))
            if let field = member.value["x-remember"] {
                input.remembers = field.string
                if field.string?.isEmpty ?? true {
                    self.types.complain(place, "x-remember is the name of a remembered field, such as wallet_address")
                }
            }
            return input
        }
    }

    private static func isTrue(_ value: JSONValue?) -> Bool {
        value?.bool ?? (value?.string?.lowercased() == "true")
    }
}

extension JSONValue {
    /// Here `required` is no list of names.
    fileprivate var withoutRequired: JSONValue {
        var copy = self
        copy["required"] = nil
        return copy
    }
}
