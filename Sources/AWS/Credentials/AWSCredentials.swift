/// An access key with its secret, and a session token where the key is temporary. Prints without the secrets.
public struct AWSCredentials: Hashable, Sendable {
    /// The key's public name.
    public var accessKeyID: String
    /// The key's secret.
    public var secretAccessKey: String
    /// The token that a temporary key needs with it.
    public var sessionToken: String?
    /// When a temporary key ends, in seconds since 1970; nil where it does not say.
    public var expiration: Int64?
    /// The account that the key belongs to, where its source says so.
    public var accountID: String?

    /// Credentials with these parts; an empty token or account is none.
    public init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Int64? = nil, accountID: String? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken?.isEmpty == false ? sessionToken : nil
        self.expiration = expiration
        self.accountID = accountID?.isEmpty == false ? accountID : nil
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that there are credentials, not which.
    public var description: String { "AWSCredentials(\(self.sessionToken == nil ? "static" : "temporary"))" }
    /// As `description`.
    public var debugDescription: String { self.description }
    /// Without children, so that `dump` shows no secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
