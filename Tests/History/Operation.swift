package import SessionStore

/// A point of a history: its place among all recorded events, and the time when it was recorded.
package struct Moment: Hashable, Sendable, Comparable {
    /// Events are numbered in the order in which they happened, across all clients.
    package var order: Int
    /// The history's own clock, not that of a client.
    package var time: Timestamp

    /// The event of that number.
    package init(order: Int, time: Timestamp) {
        self.order = order
        self.time = time
    }

    /// Orders by number.
    package static func < (left: Moment, right: Moment) -> Bool { left.order < right.order }
}

/// One call on a store, from the moment at which it was made to the one at which it returned.
package struct Operation: Sendable {
    /// What was asked for.
    package enum Call: Hashable, Sendable {
        case read(ReadConsistency)
        case write(SessionWrite.Change)
    }

    /// What came of it.
    package enum Outcome: Hashable, Sendable {
        /// It has not returned, or its process died.
        case open
        /// A read's answer.
        case answered(Session?)
        /// An acknowledged write.
        case acknowledged(WriteResult)
        /// An error.
        case failed(SessionStoreError)
    }

    /// Its number; the first is 0.
    package var id: Int
    /// Who made it: a task, a process.
    package var client: Int
    /// Which session.
    package var key: SessionKey
    /// On whose behalf.
    package var caller: Caller
    /// What was asked for.
    package var call: Call
    /// When the call was made.
    package var began: Moment
    /// The wall clock of whoever made it, at that moment.
    package var localTime: Timestamp
    /// When it returned.
    package var ended: Moment?
    /// What came of it.
    package var outcome = Outcome.open

    /// The change, if it is a write.
    package var change: SessionWrite.Change? {
        if case .write(let change) = self.call { change } else { nil }
    }

    /// The version that was acknowledged, if this is a write that changed something.
    package var acknowledgedVersion: SessionVersion? {
        if case .acknowledged(let result) = self.outcome, result.changed { result.version } else { nil }
    }

    /// Whether this is a write of which the caller does not know that it had no effect.
    package var mayHaveWritten: Bool {
        guard self.change != nil else { return false }
        switch self.outcome {
        case .open: return true
        case .answered: return false
        case .acknowledged(let result): return result.changed
        case .failed(let error): return error.code == .outcomeUnknown
        }
    }
}

/// One change of an item, as the table itself knows it.
package struct TableChange: Sendable {
    /// Which item.
    package var key: SessionKey
    /// The operation whose request did it; nil for what no operation did.
    package var operation: Int?
    /// When.
    package var moment: Moment
    /// The item as it now is; nil: removed by the table's own time to live.
    package var record: SessionRecord?

    /// A change with these parts.
    package init(key: SessionKey, operation: Int?, moment: Moment, record: SessionRecord?) {
        self.key = key
        self.operation = operation
        self.moment = moment
        self.record = record
    }
}
