import SessionStore

/// Decides, without I/O, clock or randomness, how a write reaches the table: DESIGN section 4, "Writes are fenced deltas" and "Unknown outcomes".
///
/// The shell around it does what the last action says and reports what came of it.
struct WritePlanner {
    /// What to do next.
    enum Action: Hashable, Sendable {
        /// Send `attempt(now:)`.
        case attempt
        /// Read the item, consistently.
        case read
        /// Wait for a random part of this.
        case wait(upTo: Duration)
        /// The write is over.
        case done(WriteResult)
        /// The write is over.
        case fail(SessionStoreError)
    }

    /// What is known of the item.
    enum Knowledge: Hashable, Sendable {
        /// What the caller believes.
        case hint(SessionWrite.Basis)
        /// What the table said; nil: no item.
        case item(StoredItem?)
    }

    /// Lost races until `.conflict`.
    static let maximumRaces = 32
    /// Lost answers until `.outcomeUnknown`.
    static let maximumLostAnswers = 3

    let context: WritePlan.Context
    private let caller: Caller
    let write: SessionWrite
    private(set) var knowledge: Knowledge
    private(set) var plan: WritePlan?
    /// An attempt's answer was lost: it may have been applied, or may yet be.
    private(set) var isUncertain = false
    private var races = 0
    private var lostAnswers = 0

    /// A planner for one write. `writeID` names it in the table, across its attempts.
    init(_ write: SessionWrite, timeToLive: Duration, writeID: String) {
        self.write = write
        self.caller = write.caller
        self.knowledge = .hint(write.ground)
        self.context = WritePlan.Context(
            key: write.key, caller: write.caller, writeID: writeID, timeToLive: write.key.timeToLive ?? timeToLive)
    }

    /// The first action.
    mutating func started(now: Timestamp) -> Action {
        do throws(SessionStoreError) {
            try SessionRules.admit(self.caller, to: self.write.key)
            try self.write.change.validate()
        } catch {
            return .fail(error)
        }
        return self.next(now)
    }

    /// The table applied the attempt; `item` is what it is now.
    mutating func answered(_ item: StoredItem, now: Timestamp) -> Action {
        .done(self.result(item, now))
    }

    /// The attempt's condition did not hold. `item` is what the table has instead; nil: the server does not say, or there is none.
    mutating func conditionFailed(_ item: StoredItem?, now: Timestamp) -> Action {
        guard let item else { return .read }
        return self.learned(item, now)
    }

    /// The answer to `read`.
    mutating func itemRead(_ item: StoredItem?, now: Timestamp) -> Action {
        self.learned(item, now)
    }

    /// The attempt was for certain not applied, because of another request on the item.
    mutating func collided() -> Action {
        self.raceLost() ?? .wait(upTo: self.backoff)
    }

    /// The attempt was for certain not applied, or was not sent.
    mutating func refused(_ error: SessionStoreError) -> Action {
        self.end(with: error)
    }

    /// Whether the attempt was applied is unknown.
    mutating func answerLost(_ error: SessionStoreError) -> Action {
        self.isUncertain = true
        self.lostAnswers += 1
        return self.lostAnswers > Self.maximumLostAnswers ? self.end(with: error) : .read
    }

    /// The item cannot be read.
    mutating func readFailed(_ error: SessionStoreError) -> Action {
        self.end(with: error)
    }

    /// The wait is over.
    mutating func waited(now: Timestamp) -> Action {
        self.next(now)
    }

    /// The time for all attempts is over.
    mutating func deadlineReached() -> Action {
        self.end(
            with: SessionStoreError(
                .deadlineExceeded, "the table did not take the write in time; nothing was kept: try again, or allow more time for writes"))
    }

    /// The expression of the attempt. Throws `.invalidValue`.
    func attempt(now: Timestamp) throws(SessionStoreError) -> Expression? {
        try self.plan?.expression(self.context, now: now)
    }
}

extension WritePlanner {
    /// What follows from an item that is not what the last attempt assumed, or that was read to begin with.
    private mutating func learned(_ item: StoredItem?, _ now: Timestamp) -> Action {
        if let item, item.record.writeID == self.context.writeID { return .done(self.result(item, now)) }
        guard let plan = self.plan else {
            self.knowledge = .item(item)
            return self.next(now)
        }
        if self.isUncertain {
            if case .delete = plan.form, item.map({ $0.isTombstone || $0.isExpired(at: now) }) ?? true {
                // Whoever did it: the session is gone, which is all the caller wanted.
                return .done(WriteResult(session: nil, version: item?.record.version, changed: true))
            }
            guard plan.fence.holds(for: item) else { return .fail(Self.outcomeUnknown) }
            // Unchanged: the same attempt again. Should the first one arrive after all, one of the two fails its condition.
            self.knowledge = .item(item)
            return .wait(upTo: self.backoff)
        }
        // An attempt on a mere hint lost no race: it asked a question.
        let wasHint = if case .hint = self.knowledge { true } else { false }
        self.knowledge = .item(item)
        if let end = self.raceLost() { return end }
        let next = self.next(now)
        return next == .attempt && !wasHint ? .wait(upTo: self.backoff) : next
    }

    /// Plans the next attempt from what is known.
    private mutating func next(_ now: Timestamp) -> Action {
        do throws(SessionStoreError) {
            switch self.knowledge {
            case .hint(let basis): self.plan = try self.plan(basis, now)
            case .item(let item):
                guard let plan = try self.plan(item, now) else { return self.nothing }
                self.plan = plan
            }
        } catch {
            return self.end(with: error)
        }
        return self.plan == nil ? .read : .attempt
    }

    /// A plan on what the caller believes; nil: the item has to be read first.
    private func plan(_ basis: SessionWrite.Basis, _ now: Timestamp) throws(SessionStoreError) -> WritePlan? {
        switch (basis, self.write.change) {
        // Whether there is something to touch or delete, only the table can say; a deletion needs all the item's names.
        case (_, .delete), (.unknown, .touch), (.absent, .touch), (.deleted, .touch): return nil
        // Not knowing costs least when the session is new: else the failed condition tells what is there.
        case (.unknown, .update), (.unknown, .replace), (.absent, .update), (.absent, .replace):
            return try self.create(over: nil, fence: .absent, now)
        case (.deleted(let version), .update), (.deleted(let version), .replace):
            let tombstone = StoredItem(record: SessionRecord(data: nil, version: version))
            return try self.create(over: tombstone, fence: .version(version), now)
        case (.live(let version), .update(let set, let remove)):
            let plan = WritePlan(fence: Self.fence(version), form: .update(set: set, remove: remove))
            return try self.isTooLong(plan, now) ? nil : plan
        case (.live(let version), .replace(let data)): return WritePlan(fence: Self.fence(version), form: .replace(data))
        case (.live(let version), .touch): return WritePlan(fence: Self.fence(version), form: .touch)
        }
    }

    /// A plan on what the table has; nil: there is nothing to touch or delete.
    private func plan(_ item: StoredItem?, _ now: Timestamp) throws(SessionStoreError) -> WritePlan? {
        guard let item, !item.isTombstone, !item.isExpired(at: now) else {
            // What has ended may look as it likes, but its version goes on.
            try item?.requireShape(except: Set(ItemAttribute.allCases).subtracting([.version]))
            return try self.create(over: item, fence: WriteFence(item), now)
        }
        // An operator may delete what is malformed; everybody else is told.
        let removes = self.write.change == .delete && self.caller == .asOperator
        try item.requireShape(except: removes ? Set(ItemAttribute.allCases).subtracting([.version]) : [])
        var record = item.record
        if removes { record.data = record.data ?? [:] }
        guard case .store(let next) = try SessionRules.decide(self.write, on: record, in: self.rulesContext(now)) else { return nil }
        return WritePlan(fence: WriteFence(item), form: try self.form(next, item, now))
    }

    private func form(_ next: SessionRecord, _ item: StoredItem, _ now: Timestamp) throws(SessionStoreError) -> WritePlan.Form {
        switch self.write.change {
        case .update(let set, let remove):
            let form = WritePlan.Form.update(set: set, remove: remove)
            return try self.isTooLong(WritePlan(fence: WriteFence(item), form: form), now) ? .replace(next.data ?? [:]) : form
        case .replace(let data): return .replace(data)
        case .touch: return .touch
        case .delete: return .delete(otherNames: item.otherNames)
        }
    }

    /// A plan for a new session over what has ended, or over nothing; nil: the change does not begin one.
    private func create(over ended: StoredItem?, fence: WriteFence, _ now: Timestamp) throws(SessionStoreError) -> WritePlan? {
        let before = ended.map { SessionRecord(data: nil, version: $0.record.version) }
        guard case .store(let record) = try SessionRules.decide(self.write, on: before, in: self.rulesContext(now)) else { return nil }
        let over = ended.map { WritePlan.Ended(isTombstone: $0.isTombstone, otherNames: $0.otherNames) }
        return WritePlan(fence: fence, form: .create(record, over: over))
    }

    private func isTooLong(_ plan: WritePlan, _ now: Timestamp) throws(SessionStoreError) -> Bool {
        guard case .update(let set, let remove) = plan.form else { return false }
        if set.count + remove.count > WritePlan.maximumFields { return true }
        return try plan.expression(self.context, now: now).longestText > WritePlan.maximumExpression
    }

    private func rulesContext(_ now: Timestamp) -> SessionRules.WriteContext {
        SessionRules.WriteContext(now: now, timeToLive: self.context.timeToLive, writeID: self.context.writeID)
    }

    private func result(_ item: StoredItem, _ now: Timestamp) -> WriteResult {
        WriteResult(session: item.record.session(self.write.key, at: now), version: item.record.version, changed: true)
    }

    /// There was nothing to touch or delete.
    private var nothing: Action {
        // A touch whose answer was lost may have moved the end of what has ended since.
        if self.isUncertain { return .fail(Self.outcomeUnknown) }
        return .done(WriteResult(session: nil, version: nil, changed: false))
    }

    /// Counts a lost race; an action when it was one too many.
    private mutating func raceLost() -> Action? {
        self.races += 1
        guard self.races > Self.maximumRaces else { return nil }
        return self.end(
            with: SessionStoreError(.conflict, "other writers changed the session before each attempt; nothing was kept: try again later"))
    }

    /// 10 ms, doubled with each race and lost answer, up to 320 ms.
    private var backoff: Duration {
        .milliseconds(10 << min(max(self.races + self.lostAnswers - 1, 0), 5))
    }

    /// Fails; once an answer was lost, whatever went wrong afterwards does not matter to the caller.
    private func end(with error: SessionStoreError) -> Action {
        guard self.isUncertain else { return .fail(error) }
        var unknown = Self.outcomeUnknown
        unknown.underlying = error.code.label
        unknown.cause = error.cause
        return .fail(unknown)
    }

    private static func fence(_ version: SessionVersion?) -> WriteFence {
        version.map { .version($0) } ?? .versionless
    }

    private static var outcomeUnknown: SessionStoreError {
        SessionStoreError(
            .outcomeUnknown, "the write may or may not have been kept; read the session before deciding whether to write again")
    }
}

extension SessionWrite {
    /// What the first attempt believes of the item: what the write expects, for on any other ground it is not to be made; otherwise what a cache knows.
    fileprivate var ground: Basis {
        switch (self.onlyIf, self.basis) {
        case (nil, _), (.absent, .unknown), (.absent, .absent), (.absent, .deleted): self.basis
        case (.absent, .live): .absent
        case (.version(let version), _): .live(version)
        }
    }
}
