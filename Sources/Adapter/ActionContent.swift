package import JSON

/// The body of an answer as it is, in place of a status with fields: what an action's own schema describes.
public struct ActionContent: Hashable, Sendable {
    /// What it is.
    package enum Form: Hashable, Sendable {
        case json(JSONValue)
        case text(String)
    }

    package var form: Form

    /// A JSON text. Nil when it is none.
    public init?(json text: String) {
        guard let tree = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        self.init(json: tree)
    }

    /// Plain text.
    public init(text: String) {
        self.form = .text(text)
    }

    /// A JSON tree.
    package init(json: JSONValue) {
        self.form = .json(json)
    }

    /// A value as JSON.
    public init(_ value: ActionValue) {
        self.init(json: value.json)
    }

    /// `application/json` or `text/plain`.
    public var contentType: String {
        switch self.form {
        case .json: "application/json"
        case .text: "text/plain"
        }
    }

    /// The body's text.
    public var text: String {
        switch self.form {
        case .json(let tree): String(decoding: tree.encoded, as: UTF8.self)
        case .text(let text): text
        }
    }
}
