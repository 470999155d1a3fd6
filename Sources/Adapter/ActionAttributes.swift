package import JSON

/// Session attributes or prompt session attributes: texts by name, which the calling application set.
///
/// The order and whatever is no text are kept, so that an answer echoes what the event said.
public struct ActionAttributes: Hashable, Sendable {
    /// The members as they came.
    package var members: [JSONValue.Member]

    package init(members: [JSONValue.Member]) {
        self.members = members
    }

    /// The text of an attribute; nil when there is none of that name, or it is no text. Setting nil removes it.
    public subscript(name: String) -> String? {
        get { self.members.first { $0.name == name }?.value.string }
        set {
            var tree = JSONValue.object(self.members)
            tree[name] = newValue.map { .string($0) }
            self.members = tree.members ?? []
        }
    }
}

extension ActionAttributes: ExpressibleByDictionaryLiteral {
    /// Attributes in this order.
    public init(dictionaryLiteral attributes: (String, String)...) {
        self.init(members: attributes.map { JSONValue.Member($0.0, .string($0.1)) })
    }
}
