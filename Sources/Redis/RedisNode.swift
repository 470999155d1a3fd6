/// A primary of a cluster, as a client sees it.
public struct RedisNode: Hashable, Sendable {
    /// The name or address that it is reached at.
    public var host: String
    /// Its TCP port.
    public var port: Int
    /// What the connection to it is doing.
    public var state: RedisConnectionState
}
