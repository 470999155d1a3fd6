extension RedisError {
    /// The kinds of error.
    public struct Code: Hashable, Sendable {
        private enum Kind: String, Hashable {
            case invalidConfiguration, invalidCommand
            case unavailable, connectionLost, timedOut, overloaded, cancelled, closed
            case protocolViolation, replyTooLarge, unexpectedReply
            case tls, authentication, permission
            case outOfMemory, readOnly, loading, busy, noScript, wrongType, redirected, clusterDown, replicaUnavailable
            case refused
        }

        private let kind: Kind

        /// A URL or setting that cannot work.
        public static let invalidConfiguration = Code(kind: .invalidConfiguration)
        /// A command that a shared connection cannot carry, or that is too large. It was not sent.
        public static let invalidCommand = Code(kind: .invalidCommand)
        /// There is no connection and the last attempt to open one failed. The command was not sent.
        public static let unavailable = Code(kind: .unavailable)
        /// The connection ended while the command waited for its reply.
        public static let connectionLost = Code(kind: .connectionLost)
        /// No reply within the command's deadline.
        public static let timedOut = Code(kind: .timedOut)
        /// This client has too many commands or bytes in flight. The command was not sent.
        public static let overloaded = Code(kind: .overloaded)
        /// The calling task was cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// The client was closed or its loop was shut down.
        public static let closed = Code(kind: .closed)
        /// What arrived is not a reply to what was sent: malformed, unasked for, or no Redis protocol at all.
        public static let protocolViolation = Code(kind: .protocolViolation)
        /// A reply larger than the configured limit.
        public static let replyTooLarge = Code(kind: .replyTooLarge)
        /// A well-formed reply of a kind that the command does not have.
        public static let unexpectedReply = Code(kind: .unexpectedReply)
        /// TLS did not come about: a certificate, a name or a version that one side does not accept, or a peer that does not speak TLS.
        public static let tls = Code(kind: .tls)
        /// WRONGPASS, NOAUTH and other refusals of the credentials.
        public static let authentication = Code(kind: .authentication)
        /// NOPERM: the user may not do this.
        public static let permission = Code(kind: .permission)
        /// OOM: the server's memory limit is reached.
        public static let outOfMemory = Code(kind: .outOfMemory)
        /// READONLY: the server is a replica.
        public static let readOnly = Code(kind: .readOnly)
        /// LOADING: the server reads its data from disk.
        public static let loading = Code(kind: .loading)
        /// BUSY, TRYAGAIN and the like: the server cannot do this just now.
        public static let busy = Code(kind: .busy)
        /// NOSCRIPT: the server does not know the script's digest.
        public static let noScript = Code(kind: .noScript)
        /// WRONGTYPE: the key holds another kind of value.
        public static let wrongType = Code(kind: .wrongType)
        /// MOVED, ASK: the key lives on another node of a cluster.
        public static let redirected = Code(kind: .redirected)
        /// CLUSTERDOWN: the cluster does not serve.
        public static let clusterDown = Code(kind: .clusterDown)
        /// MASTERDOWN, NOREPLICAS: replication is not in the state that the server demands.
        public static let replicaUnavailable = Code(kind: .replicaUnavailable)
        /// Any other error reply.
        public static let refused = Code(kind: .refused)

        /// A name for metrics, from a bounded set.
        public var label: String { self.kind.rawValue }

        var retryAdvice: RedisRetryAdvice {
            switch self.kind {
            case .invalidConfiguration, .invalidCommand, .cancelled, .closed, .replyTooLarge, .unexpectedReply: .never
            case .tls, .authentication, .permission, .wrongType, .refused: .never
            case .unavailable, .timedOut, .overloaded, .protocolViolation: .afterPause
            case .outOfMemory, .loading, .busy, .clusterDown, .replicaUnavailable: .afterPause
            case .connectionLost, .noScript: .immediately
            case .readOnly, .redirected: .elsewhere
            }
        }
    }
}
