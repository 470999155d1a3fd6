internal import Locked
package import SessionStore

/// What clients did and saw, in the order in which it happened. Any number of tasks may record at a time.
///
/// An operation ended before another one began if its end has the smaller number: `began` has to be recorded before the call and `ended` after it.
package final class History: Sendable {
    fileprivate struct State {
        var events = 0
        var operations: [Operation] = []
        var changes: [TableChange] = []
        var notes: [(Moment, String)] = []
    }

    private let state = Locked(State())
    private let now: @Sendable () -> Timestamp

    /// An empty history; `now` is its clock.
    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// A call is about to be made. Answers the operation's number.
    package func began(
        _ call: Operation.Call, _ key: SessionKey, as caller: Caller, client: Int, localTime: Timestamp? = nil
    ) -> Int {
        let time = self.now()
        return self.state.withLock { state in
            let moment = state.next(time)
            let operation = Operation(
                id: state.operations.count, client: client, key: key, caller: caller, call: call, began: moment,
                localTime: localTime ?? time)
            state.operations.append(operation)
            return operation.id
        }
    }

    /// The call has returned.
    package func ended(_ operation: Int, _ outcome: Operation.Outcome) {
        let time = self.now()
        self.state.withLock { state in
            state.operations[operation].ended = state.next(time)
            state.operations[operation].outcome = outcome
        }
    }

    /// The table has executed a request that changed an item.
    package func changed(_ key: SessionKey, by operation: Int?, to record: SessionRecord?) {
        let time = self.now()
        self.state.withLock { state in
            let moment = state.next(time)
            state.changes.append(TableChange(key: key, operation: operation, moment: moment, record: record))
        }
    }

    /// Something that a person who reads the history wants to know.
    package func note(_ text: @autoclosure () -> String) {
        let (time, text) = (self.now(), text())
        self.state.withLock { state in
            let moment = state.next(time)
            state.notes.append((moment, text))
        }
    }

    /// One operation.
    package func operation(_ id: Int) -> Operation { self.state.withLock { $0.operations[id] } }

    /// All operations, by number.
    package var operations: [Operation] { self.state.withLock { $0.operations } }

    /// The table's own account; empty where no table keeps one.
    package var changes: [TableChange] { self.state.withLock { $0.changes } }

    /// What was noted.
    package var notes: [(Moment, String)] { self.state.withLock { $0.notes } }
}

extension History.State {
    fileprivate mutating func next(_ time: Timestamp) -> Moment {
        self.events += 1
        return Moment(order: self.events, time: time)
    }
}
