/// Finds an action's values in an event. Pure.
///
/// A value belongs to an input by its name. What the schema does not declare is not passed on, whatever a model wrote.
struct InputReader {
    /// The values by name, and what is wrong with others.
    struct Outcome: Hashable, Sendable {
        /// What was given and is in its type.
        var values: [String: ActionValue] = [:]
        /// One sentence for each value that is not, naming it as the schema does.
        var problems: [String] = []
    }

    /// Words that models write where they know nothing.
    private static let placeholders: Set<String> = ["null", "undefined", "<unknown>"]
    /// Words that mean nothing where a text would not do anyway.
    private static let otherPlaceholders: Set<String> = ["none", "nil", "unknown", "n/a"]

    /// What an event gives for these inputs; `pathValues` are those that its path held.
    static func read(_ inputs: [ActionInput], from request: ActionRequest, body: ActionBody?, pathValues: [String: String]) -> Outcome {
        var outcome = Outcome()
        let properties = self.properties(of: request, body: body)
        for input in inputs where outcome.values[input.name] == nil {
            let given =
                switch input.place {
                // Function events have no body: their parameters stand for its properties.
                case .body: self.texts(input, properties) + (request.isFunction ? self.texts(input, request.parameters) : [])
                case .path: self.texts(input, request.parameters) + [pathValues[input.name]].compactMap { $0 }
                case .query, .header: self.texts(input, request.parameters)
                }
            guard let text = given.first else { continue }
            guard !given.contains(where: { $0 != text }) else {
                outcome.problems.append("\(input.shownName) was given twice, with different values")
                continue
            }
            do throws(ValueParser.Problem) {
                outcome.values[input.name] = try ValueParser.parse(text, as: input.type)
            } catch {
                outcome.problems.append("\(input.shownName)\(error.place) has to be \(error.wish)")
            }
        }
        return outcome
    }

    /// What an action without a schema takes: the names in its path, and all that the event gives, in the types that it says itself.
    static func inputs(in request: ActionRequest, path names: [String]) -> [ActionInput] {
        var inputs: [ActionInput] = []
        for (parameters, place) in [(request.parameters, ActionInput.Place.query), (self.properties(of: request, body: nil), .body)] {
            for parameter in parameters where !inputs.contains(where: { $0.name == parameter.name }) {
                let type = parameter.type.flatMap { ActionValueType(name: $0.lowercased()) } ?? .string
                let isInPath = names.contains(parameter.name)
                inputs.append(ActionInput(parameter.name, type, in: isInPath ? .path : place, isRequired: isInPath))
            }
        }
        let missing = names.filter { name in !inputs.contains { $0.name == name } }
        return missing.map { ActionInput($0, in: .path, isRequired: true) } + inputs
    }

    /// The properties in the content type that is meant, else in JSON, else in any: an event with another one is taken at its word.
    private static func properties(of request: ActionRequest, body: ActionBody?) -> [ActionParameter] {
        let types = request.body.keys.sorted()
        let wanted = body.map { ContentType.essence($0.contentType) }
        let type = types.first { ContentType.essence($0) == wanted } ?? types.first { ContentType.isJSON($0) } ?? types.first
        return type.flatMap { request.body[$0] } ?? []
    }

    private static func texts(_ input: ActionInput, _ parameters: [ActionParameter]) -> [String] {
        parameters.compactMap { parameter in
            guard parameter.name == input.name, let text = parameter.value else { return nil }
            let word = text.trimmed.lowercased()
            let isNothing =
                word.isEmpty || Self.placeholders.contains(word) || input.type != .string && Self.otherPlaceholders.contains(word)
            return isNothing ? nil : text
        }
    }
}

extension ActionRequest {
    /// Whether its action group was defined by function details.
    var isFunction: Bool { if case .function = self.operation { true } else { false } }
}

extension ActionInput {
    /// Its name for a sentence to the model. Without a schema it comes from the event: then only a plain word is repeated.
    var shownName: String {
        let isPlain =
            self.name.utf8.count <= 64
            && self.name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: Array("_-.$[]".utf8).contains(byte)
                }
            }
        return isPlain ? self.name : "a value"
    }
}
