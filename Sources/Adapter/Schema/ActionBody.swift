/// A request body that an operation takes, in one content type.
public struct ActionBody: Hashable, Sendable {
    /// The content types in which a body can be written.
    public enum Format: Hashable, Sendable {
        /// `application/json`, and types that end with `+json`.
        case json
        /// `application/x-www-form-urlencoded`
        case form

        /// The format of a content type, whose parameters do not matter; nil for one that cannot be written here.
        init?(contentType: String) {
            let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
            switch type {
            case "application/json": self = .json
            case "application/x-www-form-urlencoded": self = .form
            case _ where type.hasPrefix("application/") && type.hasSuffix("+json"): self = .json
            default: return nil
            }
        }
    }

    /// The content type as the schema spells it.
    public var contentType: String
    /// How it is written.
    public var format: Format
    /// Its properties.
    public var properties: [ActionInput]
}
