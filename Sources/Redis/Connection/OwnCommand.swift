internal import EventLoop

/// A command that the client sends for itself. Loop only.
final class OwnCommand {
    private let loop: UVLoop
    private let answered: (CommandOutcome) -> Void

    /// - Parameter answered: called once with the outcome, at the end of a turn: it may do anything with the connection.
    init(loop: UVLoop, answered: @escaping (CommandOutcome) -> Void) {
        self.loop = loop
        self.answered = answered
    }

    func finish(_ outcome: CommandOutcome) {
        self.loop.atEndOfTurn { self.answered(outcome) }
    }
}
