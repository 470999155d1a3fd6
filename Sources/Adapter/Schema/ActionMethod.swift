/// The HTTP methods that an action group's schema can describe.
public enum ActionMethod: String, Hashable, Sendable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Reads, without a body in the answer.
    case head = "HEAD"
    /// Acts.
    case post = "POST"
    /// Acts.
    case put = "PUT"
    /// Acts.
    case patch = "PATCH"
    /// Acts.
    case delete = "DELETE"
    /// Asks what can be done; counts as acting, because nothing here relies on it.
    case options = "OPTIONS"

    /// The method of that name, in any case; nil for anything else.
    public init?(name: some StringProtocol) {
        self.init(rawValue: name.uppercased())
    }

    /// Whether a call of this method may change something: anything but GET and HEAD (RFC 9110, section 9.2.1).
    public var acts: Bool { self != .get && self != .head }

    /// Whether a call of this method carries a body here.
    var hasBody: Bool {
        switch self {
        case .post, .put, .patch, .delete: true
        case .get, .head, .options: false
        }
    }
}
