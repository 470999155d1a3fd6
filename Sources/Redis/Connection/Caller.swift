/// What a command comes to.
///
/// Indirect where it is rare, so that a reply is moved as four words.
@usableFromInline
enum CommandOutcome: Sendable {
    /// The reply, and the epoch of the link that brought it.
    case reply(RedisReply, epoch: UInt64)
    indirect case failure(RedisError)
    /// Nothing yet: the caller is asked to wait there, with a cancellation handler.
    case late(LateCommand)

    /// The reply, waited for if it is late. An error reply is thrown.
    func answer(ranScript: Bool = false) async throws(RedisError) -> RedisAnswer {
        switch self {
        case .reply(.error(let error), _): throw RedisError(server: error, ranScript: ranScript)
        case .reply(let reply, let epoch): return RedisAnswer(reply: reply, epoch: epoch)
        case .failure(let error): throw error
        case .late(let command): return try await command.outcome().answer(ranScript: ranScript)
        }
    }
}

/// A task that waits for its command's outcome.
///
/// Each caller is in one place only (the in-flight queue or the list of those who wait for the connection), and is resumed by whoever takes
/// it out of there: exactly once.
@safe
enum Caller {
    /// Most replies come at once: their callers have no cancellation handler. So many looks of the connection have found it waiting.
    case prompt(UnsafeContinuation<CommandOutcome, Never>, looks: UInt8)
    /// It has waited for a while, and has a cancellation handler now.
    case patient(LatePlace)

    @inline(__always)
    func resume(_ outcome: CommandOutcome) {
        switch self {
        case .prompt(let continuation, _): unsafe continuation.resume(returning: outcome)
        case .patient(let place): place.finish(outcome)
        }
    }

    /// Whether its task was cancelled meanwhile.
    var hasLeft: Bool {
        switch self {
        case .prompt: false
        case .patient(let place): place.isOver
        }
    }
}
