/// What keeps JSON from being a DynamoDB attribute value.
enum AttributeProblem: Error, Hashable {
    /// No object with one member.
    case notAnAttribute
    /// A type that this program does not know.
    case unknownType
    /// A known type whose content is not of its form.
    case malformed(type: String)
}

extension AttributeProblem: CustomStringConvertible {
    /// One phrase, without the value.
    var description: String {
        switch self {
        case .notAnAttribute: "no attribute value: an object with one type as its member"
        case .unknownType: "of a type other than S N B BOOL NULL L M SS NS BS"
        case .malformed(let type): "a malformed \(type)"
        }
    }
}
