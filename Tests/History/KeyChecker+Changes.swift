import SessionStore

/// What the table's own account must show: each change by one write, once, and what that write asked for.
extension KeyChecker {
    mutating func checkChanges() {
        let byID = Dictionary(uniqueKeysWithValues: self.operations.map { ($0.id, $0) })
        var done: Set<Int> = []
        var before: SessionRecord?
        var highest: Int64 = 0
        for change in self.changes {
            defer { before = change.record }
            guard let record = change.record else { continue }
            let version = record.version?.rawValue ?? 0
            if version <= highest { self.report(.order, nil, "the table went from version \(highest) to \(version)") }
            highest = max(highest, version)
            guard let operation = change.operation.flatMap({ byID[$0] }), let asked = operation.change else { continue }
            if !done.insert(operation.id).inserted { self.report(.once, operation, "changed the table twice") }
            if case .failed(let error) = operation.outcome, error.code != .outcomeUnknown {
                self.report(.failure, operation, "failed with \(error.code.label), but changed the table")
            }
            self.check(operation, asked, from: before, to: record, at: change.moment.time)
        }
        for operation in self.operations where operation.change != .delete && operation.acknowledgedVersion != nil {
            if !self.changes.isEmpty, !done.contains(operation.id) {
                self.report(.content, operation, "was acknowledged, and the table never changed")
            }
        }
    }

    private enum Life { case live, ended, either }

    private func life(of record: SessionRecord?, at time: Timestamp) -> Life {
        guard let record, record.data != nil else { return .ended }
        guard let expiration = record.expiration else { return .live }
        if expiration + self.rules.clockTolerance <= time { return .ended }
        return expiration > time + self.rules.clockTolerance ? .live : .either
    }

    private mutating func check(
        _ operation: Operation, _ asked: SessionWrite.Change, from before: SessionRecord?, to after: SessionRecord, at time: Timestamp
    ) {
        let continued = Self.isSame(after, Self.continued(before, asked))
        let created = Self.isSame(after, Self.created(asked))
        switch self.life(of: before, at: time) {
        case .ended:
            if !created { self.report(.revived, operation, "continued what had ended") }
            if let before, before.createdAt != nil, before.createdAt == after.createdAt {
                self.report(.revived, operation, "kept the first life's beginning")
            }
        case .live:
            if let owner = before?.owner, operation.caller != .asOperator, operation.caller.userID != owner {
                self.report(.owner, operation, "changed somebody else's session")
            }
            if !continued { self.report(.field, operation, "did something else than it was asked for") }
        case .either:
            if !continued && !created { self.report(.field, operation, "did something else than it was asked for") }
        }
    }

    private static func isSame(_ record: SessionRecord, _ data: SessionData??) -> Bool {
        guard let data else { return false }
        return record.data == data
    }

    /// The fields that a change leaves of a live session; `.some(nil)`: none, it is deleted.
    static func continued(_ before: SessionRecord?, _ change: SessionWrite.Change) -> SessionData?? {
        guard let data = before?.data else { return nil }
        switch change {
        case .update(let set, let remove): return data.merging(set) { $1 }.filter { !remove.contains($0.key) }
        case .replace(let data): return data
        case .touch: return data
        case .delete: return .some(nil)
        }
    }

    /// The fields of a session that a change begins; nil: it begins none.
    static func created(_ change: SessionWrite.Change) -> SessionData?? {
        switch change {
        case .update(let set, _): set
        case .replace(let data): data
        case .touch, .delete: nil
        }
    }
}
