internal import Redis

/// What the end of a command says of the cache as a tier.
enum CommandVerdict: Hashable {
    /// Redis works.
    case answered
    /// It does not answer, or cannot do its work.
    case failed
    /// Nothing.
    case nothing
}

extension RedisError {
    /// What this error says of the cache as a tier.
    var verdict: CommandVerdict {
        // One node of a cluster: its sessions come from the table, at once while there is no connection to it, those of the others from the cache.
        if self.isPartial { return .nothing }
        switch self.code {
        case .unavailable, .connectionLost, .timedOut, .closed, .protocolViolation, .tls, .authentication, .loading, .busy, .readOnly,
            .redirected, .clusterDown, .replicaUnavailable:
            return .failed
        case .wrongType, .noScript, .outOfMemory, .permission, .refused:
            return .answered
        default:
            // Not a closed set. Cancelled callers, limits of this client, replies of another kind: no word about the server's health.
            return .nothing
        }
    }

    /// Whether the same command is worth another attempt within a fraction of a second.
    var isWorthRetrying: Bool {
        switch self.retryAdvice {
        case .never, .elsewhere: false
        case .immediately: true
        // There is no connection, and the client makes a pause before it tries to open one.
        case .afterPause: self.code != .unavailable
        }
    }
}
