/// The name of a session, as Bedrock gives it: 2 to 100 of `0-9 a-z A-Z . _ : -`.
///
/// Source of the rule: the `sessionId` parameter of Amazon Bedrock's InvokeAgent API. Because a `#` cannot occur, the table can hold the memory of a
/// user under `user#<user id>` beside the sessions.
public struct SessionID: Hashable, Sendable {
    /// The id's text. It is a credential: never log it.
    public let rawValue: String

    /// Checks the id. Throws `.invalidSessionID`.
    public init(_ text: some StringProtocol) throws(SessionStoreError) {
        let text = String(text)
        guard (2...100).contains(text.utf8.count), text.utf8.allSatisfy(Self.allows) else {
            throw SessionStoreError(.invalidSessionID, "a session id has 2 to 100 of the characters 0-9 a-z A-Z . _ : -")
        }
        self.rawValue = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// The name of a user, as the calling application gives it: 1 to 128 of printable ASCII without `#`, braces and spaces.
public struct UserID: Hashable, Sendable {
    /// The id's text: never log it.
    public let rawValue: String

    /// Checks the id. Throws `.invalidUserID`.
    public init(_ text: some StringProtocol) throws(SessionStoreError) {
        let text = String(text)
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(Self.allows) else {
            throw SessionStoreError(.invalidUserID, "a user id has 1 to 128 printable ASCII characters, without spaces, braces and #")
        }
        self.rawValue = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "#"), UInt8(ascii: "{"), UInt8(ascii: "}"): false
        case 0x21...0x7E: true
        default: false
        }
    }
}

/// What a store's item is about: one session, or what is remembered of one user across sessions.
public enum SessionKey: Hashable, Sendable {
    /// One conversation.
    case session(SessionID)
    /// The memory of a user, which outlives conversations.
    case user(UserID)
    /// A call of an upstream API, noted for a minute so that it is not made twice.
    case call(CallKey)

    /// The partition key's text: the session id, or `user#` and the user id, or `call#` and a digest.
    public var rawValue: String {
        switch self {
        case .session(let id): id.rawValue
        case .user(let id): "user#\(id.rawValue)"
        case .call(let key): "call#\(key.rawValue)"
        }
    }

    /// The key with that text; nil for a text that is none.
    package init?(rawValue text: some StringProtocol) {
        if text.hasPrefix("user#") {
            guard let user = try? UserID(String(text.dropFirst(5))) else { return nil }
            self = .user(user)
        } else if text.hasPrefix("call#") {
            guard let call = CallKey(rawValue: String(text.dropFirst(5))) else { return nil }
            self = .call(call)
        } else {
            guard let session = try? SessionID(text) else { return nil }
            self = .session(session)
        }
    }

    /// How long what it names lives after a write, if that is not the store's to say.
    package var timeToLive: Duration? {
        if case .call = self { SessionLimits.callTimeToLive } else { nil }
    }

    /// The user whose memory this is; nil for anything else.
    public var memoryOwner: UserID? {
        if case .user(let id) = self { id } else { nil }
    }
}

/// The name of a call: a digest of all that makes it the same call. It tells nothing of what was called.
public struct CallKey: Hashable, Sendable {
    /// 64 hexadecimal digits.
    public let rawValue: String

    /// The name that a SHA-256 makes.
    package init(digest: [UInt8]) {
        self.rawValue = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The name with these digits; nil for anything but 64 small hexadecimal ones.
    package init?(rawValue: some StringProtocol) {
        guard rawValue.utf8.count == 64, rawValue.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        self.rawValue = String(rawValue)
    }
}

/// On whose behalf a call is made. It comes from the calling application, never from a parameter that a model filled in.
public enum Caller: Hashable, Sendable {
    /// Nobody known: sees and changes sessions without an owner only.
    case anonymous
    /// A known user: sees and changes own sessions and those without an owner, and claims the latter with the first write.
    case user(UserID)
    /// An operator's tool: sees and changes everything, claims nothing.
    case asOperator

    /// The known user, if there is one.
    public var userID: UserID? {
        if case .user(let id) = self { id } else { nil }
    }
}
