import Locked

/// A value that any thread may change and that tests wait on. Every wait ends with the task that waits, so that a suite's time limit can end it.
package final class Observed<Value: Sendable>: Sendable {
    private struct Waiter {
        var id: Int
        var isMet: @Sendable (inout Value) -> Bool
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var value: Value
        var lastID = 0
        var waiters: [Waiter] = []
        var cancelled: Set<Int> = []
    }

    private let state: Locked<State>

    package init(_ value: Value) {
        self.state = Locked(State(value: value))
    }

    /// The value of this moment.
    package var value: Value { self.state.withLock { $0.value } }

    /// Changes the value, then lets go on who waited for that, in the order of their coming.
    @discardableResult
    package func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        let (result, met) = self.state.withLock { state in
            let result = body(&state.value)
            var met: [CheckedContinuation<Bool, Never>] = []
            var rest: [Waiter] = []
            for waiter in state.waiters {
                if waiter.isMet(&state.value) { met.append(waiter.continuation) } else { rest.append(waiter) }
            }
            state.waiters = rest
            return (result, met)
        }
        for continuation in met { continuation.resume(returning: true) }
        return result
    }

    /// Waits until the value is as wanted. `isMet` may take something out of the value when it is: nobody comes in between.
    package func wait(until isMet: @escaping @Sendable (inout Value) -> Bool) async throws(CancellationError) {
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let wasMet = await withTaskCancellationHandler {
            await withCheckedContinuation { self.start(Waiter(id: id, isMet: isMet, continuation: $0)) }
        } onCancel: {
            self.cancel(id)
        }
        if !wasMet { throw CancellationError() }
    }

    private func start(_ waiter: Waiter) {
        let answer = self.state.withLock { state -> Bool? in
            if state.cancelled.remove(waiter.id) != nil { return false }
            if waiter.isMet(&state.value) { return true }
            state.waiters.append(waiter)
            return nil
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    /// The cancellation may come before the wait has begun: it is noted for that case.
    private func cancel(_ id: Int) {
        let waiter = self.state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
