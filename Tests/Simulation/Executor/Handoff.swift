internal import Locked

/// One value on its way to one waiting task: the first to come wins, whether it comes before the waiter or after.
final class Handoff<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, Never>)
        case full(Value)
        case done
    }

    private let state = Locked(State.empty)

    /// Hands over; answers whether it was the first.
    @discardableResult
    func put(_ value: Value) -> Bool {
        let (first, waiter) = self.state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
            switch state {
            case .empty:
                state = .full(value)
                return (true, nil)
            case .waiting(let waiter):
                state = .done
                return (true, waiter)
            case .full, .done: return (false, nil)
            }
        }
        waiter?.resume(returning: value)
        return first
    }

    /// Waits for the value. Once.
    func take() async -> Value {
        await withCheckedContinuation { waiter in
            let value = self.state.withLock { state -> Value? in
                switch state {
                case .full(let value):
                    state = .done
                    return value
                case .empty, .waiting, .done:
                    state = .waiting(waiter)
                    return nil
                }
            }
            if let value { waiter.resume(returning: value) }
        }
    }
}
