/// Where credentials come from that are made anew for each connection: the tokens of IAM.
public protocol RedisCredentialSource: Sendable {
    /// The time after which a server ends a connection that was authenticated with them; `nil`: it does not. A live connection authenticates again
    /// when between ten and eleven twelfths of it are over.
    var lifetime: Duration? { get }

    /// Credentials for one AUTH, at this moment. Called on the client's loop for each connection, and never later than its `connectTimeout` allows: a
    /// source that waits should be quick, and must not block. Throws what the connection's callers are told.
    func credentials() async throws(RedisError) -> RedisCredentials
}
