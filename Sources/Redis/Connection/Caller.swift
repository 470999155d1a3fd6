/// What a command comes to.
enum CommandOutcome: Sendable {
    /// The reply, and the epoch of the link that brought it.
    case reply(RedisReply, epoch: UInt64)
    case failure(RedisError)
}

/// A task that waits for its command's outcome.
///
/// Each caller is in one place only (the in-flight queue or the list of those who wait for the connection), and is resumed by whoever takes
/// it out of there: exactly once.
@safe
struct Caller: Sendable {
    private let continuation: UnsafeContinuation<CommandOutcome, Never>

    init(_ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        unsafe self.continuation = continuation
    }

    @inline(__always)
    func resume(_ outcome: CommandOutcome) {
        unsafe self.continuation.resume(returning: outcome)
    }
}

/// A command that waits for the connection, already encoded.
struct WaitingCommand {
    var ticket: UInt64
    var deadline: Duration
    /// Empty for a caller who waits for the connection only.
    var bytes: [UInt8]
    var caller: Caller
}
