/// What a command comes to.
///
/// Indirect where it is rare, so that a reply is moved as four words.
@usableFromInline
enum CommandOutcome: Sendable {
    /// The reply, and the epoch of the link that brought it.
    case reply(RedisReply, epoch: UInt64)
    /// An error that nothing can be done about.
    indirect case failure(RedisError)
    /// An error that may be got over: see `RecoveryMachine`.
    indirect case setback(Setback)
    /// Nothing yet: the caller is asked to wait there, with a cancellation handler.
    case late(LateCommand)

    /// Whether the server has said something, be it no.
    var isAnswer: Bool {
        switch self {
        case .reply: true
        case .setback(let setback):
            switch setback.event {
            case .refused: true
            case .failed: false
            }
        case .failure, .late: false
        }
    }

    /// The same, waited for if it is late.
    func settled() async -> CommandOutcome {
        if case .late(let command) = self { await command.outcome() } else { self }
    }
}

/// What kept a command from being answered, and what has to be known to try it again.
@usableFromInline
struct Setback: Sendable {
    var event: RecoveryMachine.Event
    /// When it happened, by the loop's clock.
    var at: Duration
    /// The command's deadline, by the same.
    var deadline: Duration
    /// Whether there is a cluster behind the client.
    var isCluster: Bool
    /// Whether it concerns one node of a cluster, of which others answer.
    var isPartial: Bool

    /// What the caller is told if it cannot be got over.
    ///
    /// - Parameter ranScript: whether the command ran a script.
    func error(ranScript: Bool) -> RedisError {
        var error =
            switch self.event {
            case .refused(let error, _): RedisError(server: error, ranScript: ranScript)
            case .failed(let error): error
            }
        error.isPartial = self.isPartial
        return error
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
    /// The client itself: a check, or a question about the cluster.
    case own(OwnCommand)

    @inline(__always)
    func resume(_ outcome: CommandOutcome) {
        switch self {
        case .prompt(let continuation, _): unsafe continuation.resume(returning: outcome)
        case .patient(let place): place.finish(outcome)
        case .own(let command): command.finish(outcome)
        }
    }

    /// Whether its task was cancelled meanwhile.
    var hasLeft: Bool {
        switch self {
        case .prompt, .own: false
        case .patient(let place): place.isOver
        }
    }
}
