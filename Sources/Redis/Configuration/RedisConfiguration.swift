/// Where a Redis is and how patient its client may be.
public struct RedisConfiguration: Hashable, Sendable {
    /// Host name or address (an IPv6 address without brackets).
    public var host: String
    /// TCP port.
    public var port: Int
    /// What AUTH sends; `nil` sends no AUTH.
    public var credentials: RedisCredentials?
    /// The database that SELECT chooses.
    public var database: Int
    /// How the connection is encrypted; `nil`: it is not.
    public var tls: RedisTLS?
    /// The identity whose tokens take the place of `credentials`; `nil`: there is none. Needs TLS, and a client with a `RedisCredentialSource`.
    public var iam: RedisIAM?

    /// The time for one attempt to connect: name, TCP, TLS, AUTH, SELECT and the first reply.
    public var connectTimeout: Duration = .seconds(1)
    /// The time from a command's call to its reply. DESIGN section 3: then the table answers instead.
    public var commandTimeout: Duration = .milliseconds(50)
    /// How long past its deadline the oldest unanswered command may be, with nothing arriving, before the connection is replaced. A
    /// half-open socket looks like this, and so does a row of timeouts.
    public var silenceLimit: Duration = .milliseconds(200)
    /// A connection that nothing came from for so long is checked before the next command leaves: one round trip, once. After a freeze of the process too,
    /// where the clocks show it.
    public var checkAfterIdle: Duration = .seconds(10)
    /// The least time between two questions for the slots of a cluster, however many commands find that they have moved.
    public var refreshInterval: Duration = .milliseconds(100)
    /// How long `close()` waits for the replies to what was accepted.
    public var closeTimeout: Duration = .seconds(1)
    /// The pause between failed attempts to connect.
    public var backoff = Backoff()
    /// Most commands that may wait for a reply or for the connection; more are answered with `.overloaded`. Each takes 50 bytes, and its own
    /// until they are written.
    public var maxInFlight = 32_768
    /// Most bytes of commands that may wait to be sent; more are answered with `.overloaded`, a larger single command with
    /// `.invalidCommand`.
    public var maxQueuedBytes = 16 << 20
    /// Most bytes that one reply may take on the wire; a larger one ends the connection with `.replyTooLarge`.
    public var maxReplyBytes = 16 << 20
    /// Most elements that the arrays of one reply may announce together; more end the connection with `.replyTooLarge`. Each takes 24 bytes here, and
    /// as few as four on the wire.
    public var maxReplyElements = 1_000_000

    /// The pause after a failed attempt to connect: doubling from `initial` to `maximum`, half of it random.
    public struct Backoff: Hashable, Sendable {
        /// The pause after the first failure.
        public var initial: Duration = .milliseconds(50)
        /// The longest pause.
        public var maximum: Duration = .seconds(5)

        /// The default pauses: 50 ms up to 5 s.
        public init() {}
    }

    /// A Redis at this address, without credentials, over plain TCP.
    public init(
        host: String = "127.0.0.1", port: Int = Self.defaultPort, credentials: RedisCredentials? = nil, database: Int = 0,
        tls: RedisTLS? = nil
    ) {
        self.host = host
        self.port = port
        self.credentials = credentials
        self.database = database
        self.tls = tls
    }

    /// The port of a URL that names none.
    public static let defaultPort = 6379

    /// Refuses settings that cannot work, all of them in one sentence each.
    public func validate() throws(RedisError) {
        let checks: [(Bool, String)] = [
            (self.host.isEmpty, "Give the Redis host a name or address."),
            (self.host.utf8.contains { $0 <= 0x20 || $0 == 0x7F }, "Remove spaces and control characters from the Redis host."),
            (!(1...65535).contains(self.port), "Choose a Redis port from 1 to 65535."),
            (!(0...Int(Int32.max)).contains(self.database), "Choose a Redis database number of at least 0."),
            (self.connectTimeout <= .zero, "Give connectTimeout more than zero."),
            (self.commandTimeout <= .zero, "Give commandTimeout more than zero."),
            (self.silenceLimit <= .zero, "Give silenceLimit more than zero."),
            (self.checkAfterIdle <= .zero, "Give checkAfterIdle more than zero."),
            (self.refreshInterval <= .zero, "Give refreshInterval more than zero."),
            (self.closeTimeout <= .zero, "Give closeTimeout more than zero."),
            (
                self.backoff.initial <= .zero || self.backoff.maximum < self.backoff.initial,
                "Give backoff an initial pause and a maximum above it."
            ),
            (self.maxInFlight < 1, "Give maxInFlight at least 1."),
            (self.maxQueuedBytes < 1024, "Give maxQueuedBytes at least 1024."),
            (self.maxReplyBytes < 1024, "Give maxReplyBytes at least 1024."),
            (self.maxReplyElements < 1024, "Give maxReplyElements at least 1024."),
        ]
        let identity = [
            (self.iam != nil && self.tls == nil, "Write rediss:// for a Redis with IAM: its tokens must not cross the network readable."),
            (self.iam != nil && self.credentials != nil, "Give Redis an IAM identity or a password, not both."),
        ]
        let problems = (checks + identity + (self.tls?.checks ?? []) + (self.iam?.checks ?? [])).filter(\.0).map(\.1)
        guard problems.isEmpty else { throw RedisError(.invalidConfiguration, problems.joined(separator: " ")) }
    }
}
