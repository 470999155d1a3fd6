import Locked
import SessionStore

/// Ends work at its time.
struct Deadline {
    let clock: any SessionClock

    /// What `work` answers. At the limit the work is cancelled; what it then answers counts, since it alone knows what became of a write. `late` is
    /// answered where there is nothing else.
    func race<Answer: Sendable>(
        _ limit: Duration, late: Answer, _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        await withTaskGroup(of: Answer.self) { group in
            let end = Signal()
            group.addTask {
                let answer = await work()
                end.give()
                return answer
            }
            // Not a second task that sleeps: nearly every answer comes in time.
            let callOff = self.clock.alarm(after: max(limit, .zero)) { end.give() }
            await end.wait()
            callOff()
            group.cancelAll()
            return await group.next() ?? late
        }
    }

    /// Given once or more, waited for once.
    private final class Signal: Sendable {
        private struct State {
            var isGiven = false
            var waiter: CheckedContinuation<Void, Never>?
        }

        private let state = Locked(State())

        func give() {
            let waiter = self.state.withLock { state in
                state.isGiven = true
                return state.waiter.take()
            }
            waiter?.resume()
        }

        func wait() async {
            await withCheckedContinuation { waiter in
                let isGiven = self.state.withLock { state in
                    if !state.isGiven { state.waiter = waiter }
                    return state.isGiven
                }
                if isGiven { waiter.resume() }
            }
        }
    }
}
