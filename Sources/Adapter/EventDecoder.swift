import JSON
import SessionStore

/// Turns an event's JSON into a request; the envelope first, so that a complaint about the rest still reaches the agent in its own style.
struct EventDecoder {
    /// Names longer than this are nobody's: the answer repeats them, and its size is limited.
    private static let maximumNameBytes = 512

    private let root: JSONNode
    private let envelope: ActionEnvelope

    static func decode(_ event: [UInt8]) throws(ActionDecodingError) -> ActionRequest {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: event)
        } catch {
            throw ActionDecodingError("The event cannot be read (\(error)): send one JSON object as Amazon Bedrock documents it.")
        }
        return try document.withRoot { (root) throws(ActionDecodingError) in
            guard root.kind == .object else {
                throw ActionDecodingError("The event is not a JSON object: send the event as Amazon Bedrock documents it.")
            }
            return try EventDecoder(root: root, envelope: Self.envelope(of: root)).request()
        }
    }

    private static func envelope(of root: JSONNode) throws(ActionDecodingError) -> ActionEnvelope {
        let (operation, complaint) = Self.operation(of: root)
        var envelope = ActionEnvelope(actionGroup: Self.name(root["actionGroup"]) ?? "", operation: operation)
        envelope.sessionAttributes = try Self.attributes(root, "sessionAttributes", envelope)
        envelope.promptSessionAttributes = try Self.attributes(root, "promptSessionAttributes", envelope)
        if let complaint { throw ActionDecodingError(complaint, envelope: envelope) }
        return envelope
    }

    /// What is called, and what is wrong with how it is named: then in the style that the event seems to have, so that the answer has it too.
    private static func operation(of root: JSONNode) -> (ActionOperation, complaint: String?) {
        switch (Self.name(root["apiPath"]), Self.name(root["httpMethod"]), Self.name(root["function"])) {
        case (let path?, let method?, _): (.api(method: method, path: path), nil)
        case (_, _, let function?): (.function(function), nil)
        case (let path?, nil, nil): (.api(method: "", path: path), "The event has an apiPath but no httpMethod: send both.")
        case (nil, let method?, nil): (.api(method: method, path: ""), "The event has an httpMethod but no apiPath: send both.")
        case (nil, nil, nil): (.function(""), "The event names no action: send apiPath and httpMethod, or function.")
        }
    }

    private static func name(_ node: JSONNode?) -> String? {
        guard let text = node?.string, !text.isEmpty, text.utf8.count <= Self.maximumNameBytes else { return nil }
        return text
    }

    private static func attributes(
        _ root: JSONNode, _ name: String, _ envelope: ActionEnvelope
    ) throws(ActionDecodingError) -> ActionAttributes? {
        guard let node = root[name], !node.isNull else { return nil }
        guard node.kind == .object else {
            throw ActionDecodingError("The event's \(name) is not an object: send texts by name, or leave it out.", envelope: envelope)
        }
        return ActionAttributes(members: node.members.map { JSONValue.Member($0.name, JSONValue($0.value)) })
    }

    private func request() throws(ActionDecodingError) -> ActionRequest {
        // Versions up to 1.x may lack or gain members, which are ignored; a later one may mean something else by the same names.
        guard Self.isReadable(version: self.root["messageVersion"]) else {
            throw self.error("The event's messageVersion is not supported: send 1.0.")
        }
        let sessionID: SessionID
        do throws(SessionStoreError) {
            sessionID = try SessionID(self.root["sessionId"]?.string ?? "")
        } catch {
            throw self.error("The event's sessionId is not valid: \(error.message).")
        }
        let agent = self.root["agent"]
        return ActionRequest(
            operation: self.envelope.operation, sessionID: sessionID, actionGroup: self.envelope.actionGroup,
            inputText: try self.text("inputText"),
            agent: ActionAgent(
                name: agent?["name"]?.string, id: agent?["id"]?.string, alias: agent?["alias"]?.string, version: agent?["version"]?.string),
            parameters: try self.parameters(self.root["parameters"], "parameters"), body: try self.body(),
            sessionAttributes: self.envelope.sessionAttributes, promptSessionAttributes: self.envelope.promptSessionAttributes)
    }

    /// `1.0`, which Bedrock sends, an older one, or none; also as a number, as people write it into test events.
    private static func isReadable(version node: JSONNode?) -> Bool {
        guard let node, !node.isNull else { return true }
        guard let text = node.string ?? node.number else { return false }
        let major = text.prefix { $0 != "." }
        return major == "1" || major == "0"
    }

    /// The text of a member; nil when it is missing or null.
    private func text(_ name: String) throws(ActionDecodingError) -> String? {
        guard let node = self.root[name], !node.isNull else { return nil }
        guard let text = node.string else { throw self.error("The event's \(name) is not a text: send it in quotes, or leave it out.") }
        return text
    }

    private func body() throws(ActionDecodingError) -> [String: [ActionParameter]] {
        guard let content = try self.object(self.root["requestBody"], "requestBody")?["content"] else { return [:] }
        var body: [String: [ActionParameter]] = [:]
        for (type, node) in try self.object(content, "requestBody.content")?.members.map({ $0 }) ?? [] {
            let properties = try self.object(node, "requestBody.content of a type")?["properties"]
            body[type] = try self.parameters(properties, "properties")
        }
        return body
    }

    private func object(_ node: JSONNode?, _ name: String) throws(ActionDecodingError) -> JSONNode? {
        guard let node, !node.isNull else { return nil }
        guard node.kind == .object else {
            throw self.error("The event's \(name) is not an object: send it as Amazon Bedrock documents it.")
        }
        return node
    }

    private func parameters(_ node: JSONNode?, _ name: String) throws(ActionDecodingError) -> [ActionParameter] {
        guard let node, !node.isNull else { return [] }
        guard node.kind == .array else {
            throw self.error("The event's \(name) is not a list: send a list of objects with name, type and value.")
        }
        var parameters: [ActionParameter] = []
        parameters.reserveCapacity(node.count)
        for element in node.elements {
            guard let parameterName = element["name"]?.string else {
                throw self.error("An element of the event's \(name) has no name: send objects with name, type and value.")
            }
            parameters.append(
                ActionParameter(name: parameterName, type: element["type"]?.string, value: element["value"].flatMap { Self.value($0) }))
        }
        return parameters
    }

    private static func value(_ node: JSONNode) -> String? {
        switch node.kind {
        case .null: nil
        case .string: node.string
        case .object, .array, .integer, .double, .bool: String(decoding: JSONValue(node).encoded, as: UTF8.self)
        }
    }

    private func error(_ message: String) -> ActionDecodingError {
        ActionDecodingError(message, envelope: self.envelope)
    }
}

extension ActionRequest {
    /// Decodes an event in either style. Throws a sentence about what to change, never anything of the event.
    public init(decoding event: [UInt8]) throws(ActionDecodingError) {
        self = try EventDecoder.decode(event)
    }
}
