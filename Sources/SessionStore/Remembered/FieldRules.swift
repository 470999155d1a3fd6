/// The decision between a user's memory and a session's copy, for any remembered field. Pure.
package enum FieldRules {
    /// What `memory` (nil: the user is not known) and `session` say together. Throws `.malformedItem`.
    package static func recall(
        _ field: RememberedField, memory: Session??, session: Session?
    ) throws(SessionStoreError) -> Recollection {
        let staleness = [memory ?? nil, session].compactMap { $0?.staleness }.max()
        let known = try FieldRecord(reading: memory ?? nil, field)
        if let value = known.value {
            let inMemory = RecalledValue(value, source: .memory, updatedAt: known.updatedAt, staleness: staleness)
            // An unreadable copy in the session does not matter where the memory knows.
            guard let session, session.owner == nil, let copy = try? FieldRecord(session.data, field), let other = copy.value,
                other != value
            else { return .value(inMemory) }
            let inSession = RecalledValue(other, source: .session, updatedAt: copy.updatedAt, staleness: staleness)
            return .conflict(session: inSession, memory: inMemory)
        }
        let copy = try FieldRecord(reading: session, field)
        guard let value = copy.value else { return .none(forgottenAt: known.forgottenAt) }
        if let mark = known.forgottenAt, !copy.isYounger(than: mark) { return .none(forgottenAt: mark) }
        return .value(RecalledValue(value, source: .session, updatedAt: copy.updatedAt, staleness: staleness))
    }

    /// The fields of an item that remembers `value` where `current` counted before.
    package static func remember(
        _ field: RememberedField, _ value: FieldValue, over current: FieldValue?, at now: Timestamp
    ) -> (set: SessionData, remove: Set<String>) {
        let date = SessionValue.number(String(now.milliseconds))
        var set: SessionData = [field.name: value.stored, field.updatedAt: date]
        if let current, current != value, field.kind == .wallet {
            set[field.previous] = current.stored
            set[field.changedAt] = date
        }
        return (set, [field.forgottenAt, field.forgottenIn, field.pending])
    }

    /// The fields of a memory that has forgotten: a mark that outranks every copy known, whatever clock dated it. `turn` names the turn in which it was
    /// forgotten.
    package static func forgetInMemory(
        _ field: RememberedField, at now: Timestamp, copies: [Session?], turn: String? = nil
    ) -> SessionWrite.Change {
        let dates = copies.compactMap { $0?.data[field.updatedAt]?.integer }
        let mark = dates.reduce(now.milliseconds, max)
        var set: SessionData = [field.forgottenAt: .number(String(mark))]
        if let turn { set[field.forgottenIn] = .string(turn) }
        return .update(set: set, remove: field.allNames.subtracting(set.keys))
    }

    /// The fields of a session that has forgotten.
    package static func forgetInSession(_ field: RememberedField, turn: String? = nil) -> SessionWrite.Change {
        let set: SessionData = turn.map { [field.forgottenIn: .string($0)] } ?? [:]
        return .update(set: set, remove: field.allNames.subtracting(set.keys))
    }
}

extension Session {
    /// The age, where this copy is older than the store usually answers with.
    package var staleness: Duration? {
        if case .stale(let age) = self.origin { age } else { nil }
    }
}
