import JSON
import SessionStore

extension Caller {
    /// The user whom the calling application named in the session attribute; nobody when it named none.
    ///
    /// A name that is no user id is an error: taking it for nobody would show a known user's turn to whoever comes next.
    init(_ attributes: ActionAttributes?, attribute: String) throws(SessionStoreError) {
        switch attributes?.members.first(where: { $0.name == attribute })?.value {
        case nil, .null, .string(""): self = .anonymous
        case .string(let text): self = .user(try UserID(text))
        case .object, .array, .number, .bool:
            throw SessionStoreError(.invalidUserID, "the session attribute that names the user is not a text")
        }
    }
}
