internal import Locked
internal import SessionStore

/// What a load comes to for one session.
typealias LoadAnswer = Result<Session?, SessionStoreError>

/// Whoever waits for a load: one read, or a batch for one of its sessions. Resumed by whoever takes it out of the flight table: exactly once.
enum ReadWaiter: Sendable {
    case read(CheckedContinuation<LoadAnswer, Never>)
    case batch(BatchAnswers, SessionKey)

    func resume(returning answer: LoadAnswer) {
        switch self {
        case .read(let continuation): continuation.resume(returning: answer)
        case .batch(let answers, let key): answers.arrived(answer, for: key)
        }
    }
}

/// The answers that a batch waits for.
final class BatchAnswers: Sendable {
    typealias Answers = [SessionKey: LoadAnswer]

    private struct State {
        var answers: Answers = [:]
        var missing: Int
        var continuation: CheckedContinuation<Answers, Never>?
    }

    private let state: Locked<State>

    /// A place for so many answers; one at least.
    init(count: Int) {
        self.state = Locked(State(missing: count))
    }

    /// Whoever is to have all answers.
    func wait(_ continuation: CheckedContinuation<Answers, Never>) {
        self.state.withLock { $0.continuation = continuation }
        self.finish()
    }

    func arrived(_ answer: LoadAnswer, for key: SessionKey) {
        self.state.withLock { state in
            state.answers[key] = answer
            state.missing -= 1
        }
        self.finish()
    }

    private func finish() {
        let ready: (CheckedContinuation<Answers, Never>, Answers)? = self.state.withLock { state in
            guard state.missing == 0, let continuation = state.continuation.take() else { return nil }
            return (continuation, state.answers)
        }
        if let (continuation, answers) = ready { continuation.resume(returning: answers) }
    }
}
