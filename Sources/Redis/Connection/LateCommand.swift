internal import EventLoop

/// A command that was not answered for a while: its caller waits on with a cancellation handler, which prompt replies are spared.
///
/// A handler costs a command 1,300 instructions (two asynchronous calls, and a record in the task's status), a fifth of a whole GET; so a
/// caller gets one only when the connection finds that the reply may be long in coming: see `Connection.look`.
@usableFromInline
struct LateCommand: Sendable {
    private let place: LoopBound<LatePlace>
    private let loop: UVLoop

    init(_ place: LatePlace, loop: UVLoop) {
        self.place = LoopBound(place, loop: loop)
        self.loop = loop
    }

    /// Waits for the outcome, which may have come before.
    func outcome() async -> CommandOutcome {
        await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                self.loop.execute { unsafe self.place.value.wait(continuation) }
            }
        } onCancel: {
            self.loop.execute { self.place.value.cancel() }
        }
    }
}

/// Where the outcome of a late command and its caller meet. Loop only.
@safe
final class LatePlace {
    private var outcome: CommandOutcome?
    private var continuation: UnsafeContinuation<CommandOutcome, Never>?
    /// Whether the command went to the link.
    var isSent: Bool

    init(isSent: Bool) {
        self.isSent = isSent
    }

    /// Whether the outcome is known, or the caller has left.
    var isOver: Bool { self.outcome != nil }

    /// The outcome: the first one counts.
    func finish(_ outcome: CommandOutcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        unsafe self.continuation.take()?.resume(returning: outcome)
    }

    fileprivate func wait(_ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        if let outcome { return unsafe continuation.resume(returning: outcome) }
        unsafe self.continuation = continuation
    }

    fileprivate func cancel() {
        self.finish(.failure(.callerCancelled.executed(maybe: self.isSent)))
    }
}
