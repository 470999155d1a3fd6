import Glibc
import Locked
import UnixSignals

/// SIGINT and SIGTERM while a long command runs: the first one asks it to end in order, the second one ends the process.
final class Interruption: Sendable {
    private let happened = Locked(false)
    private let watch = Locked<Task<Void, Never>?>(nil)

    /// The signals, which from now on do not end the process by themselves.
    static func signals() async -> UnixSignalsSequence {
        await UnixSignalsSequence(trapping: .sigint, .sigterm)
    }

    /// Calls `cancel` at the first of these signals.
    init(_ signals: UnixSignalsSequence, _ cancel: @escaping @Sendable () -> Void) {
        let task = Task { [happened] in
            for await _ in signals {
                let isSecond = happened.withLock { happened in
                    defer { happened = true }
                    return happened
                }
                if isSecond { _exit(130) }
                Console.complain("ending; once more ends it at once")
                cancel()
            }
        }
        self.watch.withLock { $0 = task }
    }

    /// Whether there was a signal.
    var hasHappened: Bool { self.happened.withLock { $0 } }

    /// Watches no longer.
    func end() async {
        let task = self.watch.withLock { $0 }
        task?.cancel()
        await task?.value
    }
}
