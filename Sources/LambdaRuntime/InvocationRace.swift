import EventLoop
import Locked

/// A handler against the end of its invocation.
///
/// Lambda throws away a process whose invocation is over time: the next event would pay for a cold start. So the handler is cancelled a little before, and
/// where even that does not bring an answer, an error is the answer.
struct InvocationRace: Sendable {
    /// What an invocation came to.
    enum Outcome: Sendable {
        case answer([UInt8])
        case failure(FailureReport)
        /// The handler is still at work, and will not be heard any more.
        case late
    }

    let loop: UVLoop
    /// How long before the end of the invocation its handler is cancelled; after half of that it is given up.
    let reserve: Duration

    private struct State: Sendable {
        var outcome: Outcome?
        var waiter: CheckedContinuation<Outcome, Never>?
    }

    /// Runs `work`; nil as the time left means that there is no end.
    func run(within timeLeft: Duration?, _ work: @escaping @Sendable () async throws -> [UInt8]) async -> Outcome {
        guard let timeLeft else { return await Self.outcome(of: work) }
        let state = Locked(State())
        let running = Task(executorPreference: self.loop) { Self.finish(state, await Self.outcome(of: work)) }
        let callOff = self.loop.alarm(after: max(timeLeft - self.reserve, .zero)) {
            running.cancel()
            // Not called off: the first outcome counts.
            _ = self.loop.alarm(after: self.reserve / 2) { Self.finish(state, .late) }
        }
        let outcome = await withCheckedContinuation { waiter in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiter = waiter }
                return state.outcome
            }
            if let outcome { waiter.resume(returning: outcome) }
        }
        callOff()
        return outcome
    }

    private static func outcome(of work: () async throws -> [UInt8]) async -> Outcome {
        do { return .answer(try await work()) } catch { return .failure(FailureReport(error)) }
    }

    /// The first outcome counts.
    private static func finish(_ state: Locked<State>, _ outcome: Outcome) {
        let waiter = state.withLock { state in
            guard state.outcome == nil else { return nil as CheckedContinuation<Outcome, Never>? }
            state.outcome = outcome
            return state.waiter
        }
        waiter?.resume(returning: outcome)
    }
}
