/// The user and password that AUTH sends. Neither is ever printed.
public struct RedisCredentials: Hashable, Sendable {
    /// The ACL user (Redis 6 and newer); `nil` is the user `default`.
    public var user: [UInt8]?
    /// The password.
    public var password: [UInt8]

    /// Credentials with these parts.
    public init(user: [UInt8]? = nil, password: [UInt8]) {
        self.user = user
        self.password = password
    }

    /// AUTH with these credentials.
    var command: [[UInt8]] { [Array("AUTH".utf8)] + (self.user.map { [$0] } ?? []) + [self.password] }
}

extension RedisCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A constant: credentials are not for logs.
    public var description: String { "<credentials>" }

    /// A constant: credentials are not for logs.
    public var debugDescription: String { self.description }

    /// Empty, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
