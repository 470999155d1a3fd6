extension RedisError {
    static let clientClosed = RedisError(.closed, "The Redis client was closed, or its event loop shut down; make a new one.")

    static let callerCancelled = RedisError(.cancelled, "The task that waited for Redis was cancelled.")

    static func noConnection(underlying: String?) -> RedisError {
        RedisError(
            .unavailable, "There is no connection to Redis; check that it runs and that host and port are right.", underlying: underlying)
    }

    static func lost(underlying: String) -> RedisError {
        RedisError(
            .connectionLost, "The connection to Redis ended before the reply; send the command again if repeating it is safe.",
            underlying: underlying)
    }

    static let deadlineBeforeSending = RedisError(
        .timedOut, "The connection to Redis was not ready within the command's deadline; check the network, or raise commandTimeout.")

    static let deadlineAfterSending = RedisError(
        .timedOut, "Redis did not answer within the command's deadline; check its load, or raise commandTimeout.", mayHaveExecuted: true)

    static let connectDeadline = RedisError(
        .unavailable, "Redis did not greet within connectTimeout; check host, port and firewall, and that the server is not blocked.")

    static let noCredentialSource = RedisError(
        .invalidConfiguration, "Give the client of a Redis with an IAM identity what makes its tokens: a RedisCredentialSource.")

    static func closedInGreeting(_ underlying: String?, isEncrypted: Bool) -> RedisError {
        let hint = isEncrypted ? "" : ", and write rediss:// if the port speaks TLS"
        return RedisError(
            .unavailable, "The server ended the connection instead of greeting; check host and port of Redis\(hint).",
            underlying: underlying)
    }

    static let silence = RedisError(
        .timedOut, "Redis fell silent and the connection was replaced; check the network and the server's load.", mayHaveExecuted: true)

    static let replica = RedisError(
        .readOnly, "What answers at this address is a read-only replica; point the URL at the primary's endpoint.")

    static let emptyCluster = RedisError(
        .clusterDown, "No node of this Redis cluster has slots; create or repair the cluster.")

    static let retired = RedisError(.unavailable, "The node has left the Redis cluster, or lost its slots; send the command again.")

    static let tooManyInFlight = RedisError(
        .overloaded, "Too many Redis commands are in flight; send fewer at once or raise maxInFlight.")

    static let tooManyBytes = RedisError(
        .overloaded, "Too many bytes wait to be sent to Redis; send fewer at once or raise maxQueuedBytes.")

    static let commandTooLarge = RedisError(
        .invalidCommand, "The command is larger than maxQueuedBytes; send less at once or raise the limit.")

    static let unsolicited = RedisError(
        .protocolViolation, "Redis sent a reply that nobody asked for; the connection was replaced.", mayHaveExecuted: true)

    static func unexpected(_ command: StaticString) -> RedisError {
        RedisError(
            .unexpectedReply,
            "Redis answered \(command) with a reply of another kind; check that the address is a Redis of version 6.2 or newer.",
            mayHaveExecuted: true)
    }

    /// The same error for a command of which it is known whether it had left.
    func executed(maybe: Bool) -> RedisError {
        var error = self
        error.mayHaveExecuted = maybe
        return error
    }
}
