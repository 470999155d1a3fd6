/// Why a command has no reply that the caller asked for.
///
/// `message` says what to do, and holds no key, value or password: it may be logged and shown.
public struct RedisError: Error, Hashable, Sendable {
    /// The kind of error.
    public var code: Code
    /// One sentence for a person.
    public var message: String
    /// Whether the command may have taken effect, or may still: `false` means that for certain it did not.
    public var mayHaveExecuted: Bool
    /// What a layer below said (the system's or hiredis's own text), without keys and values.
    public var underlying: String?
    /// The error reply, when the server sent one.
    public var server: RedisServerError?
    /// Whether it is about one node of a cluster of which others answer: it says nothing of the cache as a whole.
    package var isPartial = false

    /// An error with these parts.
    public init(
        _ code: Code,
        _ message: String,
        mayHaveExecuted: Bool = false,
        underlying: String? = nil,
        server: RedisServerError? = nil
    ) {
        self.code = code
        self.message = message
        self.mayHaveExecuted = mayHaveExecuted
        self.underlying = underlying
        self.server = server
    }

    /// Whether and when the same command is worth sending again. Mind `mayHaveExecuted` before repeating what must not happen twice.
    public var retryAdvice: RedisRetryAdvice { self.code.retryAdvice }
}

extension RedisError: CustomStringConvertible {
    /// The code, the sentence and what lies below it.
    public var description: String {
        "\(self.code.label): \(self.message)" + (self.underlying.map { " (\($0))" } ?? "")
    }
}

/// Whether and when a failed command is worth sending again.
public enum RedisRetryAdvice: Hashable, Sendable {
    /// Not without a change: of the command, the configuration or the server.
    case never
    /// At once: the next attempt takes another way.
    case immediately
    /// After a pause: the server or the network needs time.
    case afterPause
    /// On another connection or node: this one will keep refusing.
    case elsewhere
}
