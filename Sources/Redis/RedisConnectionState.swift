/// What a client's connection is doing, for readiness checks.
public enum RedisConnectionState: Hashable, Sendable {
    /// There is none; the next command opens one.
    case disconnected
    /// One is being opened.
    case connecting
    /// Redis greeted, and commands are sent.
    case ready
    /// The last attempt failed like this; commands fail at once until the pause is over, then one of them tries again.
    case backingOff(lastError: RedisError)
    /// The client was closed.
    case closed
}
