/// What calls may do to an item: the same for every store. Pure; time and randomness come in.
package enum SessionRules {}

extension SessionRules {
    /// The circumstances of a write.
    package struct WriteContext: Sendable {
        package var now: Timestamp
        package var timeToLive: Duration
        /// A fresh id for this write.
        package var writeID: String
        /// No record that the store has removed had a later version than this: what is created begins above it.
        package var removedVersion: SessionVersion?

        package init(now: Timestamp, timeToLive: Duration, writeID: String, removedVersion: SessionVersion? = nil) {
            self.now = now
            self.timeToLive = timeToLive
            self.writeID = writeID
            self.removedVersion = removedVersion
        }
    }

    /// What a write does.
    package enum Decision: Hashable, Sendable {
        /// This record takes the place of the one before.
        case store(SessionRecord)
        /// There is nothing to touch or to delete.
        case nothing
    }

    /// What `write` makes of `record`, which is nil where the store has no item.
    ///
    /// Throws `.invalidValue` and `.tooLarge` for what an item cannot hold, `.notOwner`, `.conflict` where the write expects another session, and
    /// `.malformedItem` for a version that cannot go on.
    package static func decide(
        _ write: SessionWrite, on record: SessionRecord?, in context: WriteContext
    ) throws(SessionStoreError) -> Decision {
        try write.change.validate()
        try Self.admit(write.caller, to: write.key)
        guard let record, let live = record.session(write.key, at: context.now) else {
            try Self.require(write.onlyIf, of: nil)
            return try Self.create(write, after: record?.version ?? context.history, in: context)
        }
        guard live.admits(write.caller) else { throw .notOwner }
        try Self.require(write.onlyIf, of: live)

        var next = record
        next.version = try Self.version(after: record.version, now: context.now)
        next.writeID = context.writeID
        next.updatedAt = context.now
        next.expiration = Self.expiration(now: context.now, timeToLive: write.key.timeToLive ?? context.timeToLive)
        switch write.change {
        case .update(let set, let remove):
            next.data = live.data.merging(set) { $1 }.filter { !remove.contains($0.key) }
            next.owner = Self.owner(of: write, before: live.owner)
        case .replace(let data):
            next.data = data
            next.owner = Self.owner(of: write, before: live.owner)
        case .touch: break
        case .delete:
            let ended = Timestamp(seconds: context.now.seconds)
            next = SessionRecord(data: nil, version: next.version, expiration: ended, updatedAt: context.now)
        }
        guard next.itemSize(write.key) <= SessionLimits.itemBytes else { throw .itemTooLarge }
        return .store(next)
    }

    /// Throws `.conflict` unless the live session (nil: there is none) is the expected one.
    private static func require(_ expectation: SessionWrite.Expectation?, of live: Session?) throws(SessionStoreError) {
        guard let expectation, expectation != SessionWrite.Expectation(live) else { return }
        throw SessionStoreError(
            .conflict, "the session was changed since it was read; nothing was written: read it again and decide anew")
    }

    /// A write where there is no live session: a new one begins, above the versions of those before it. Nothing is revived.
    private static func create(
        _ write: SessionWrite, after previous: SessionVersion?, in context: WriteContext
    ) throws(SessionStoreError) -> Decision {
        let data: SessionData
        switch write.change {
        case .update(let set, _): data = set
        case .replace(let all): data = all
        case .touch, .delete: return .nothing
        }
        let record = SessionRecord(
            data: data, owner: Self.owner(of: write, before: nil), version: try Self.version(after: previous, now: context.now),
            writeID: context.writeID,
            expiration: Self.expiration(now: context.now, timeToLive: write.key.timeToLive ?? context.timeToLive),
            createdAt: context.now, updatedAt: context.now)
        guard record.itemSize(write.key) <= SessionLimits.itemBytes else { throw .itemTooLarge }
        return .store(record)
    }

    /// Whose the item is after a write: a memory is its user's; a session stays with its owner, or is claimed by the first writer with a name.
    package static func owner(of write: SessionWrite, before owner: UserID?) -> UserID? {
        write.key.memoryOwner ?? owner ?? write.caller.userID
    }

    /// One above the version before, or above the time in milliseconds where there is none to continue.
    package static func version(after previous: SessionVersion?, now: Timestamp) throws(SessionStoreError) -> SessionVersion {
        let (next, overflow) = (previous?.rawValue ?? now.milliseconds).addingReportingOverflow(1)
        guard !overflow else {
            throw SessionStoreError(
                .malformedItem, "the item's version is at the end of its range: it was not written by this program; remove the item")
        }
        return SessionVersion(next)
    }

    /// The end of a session written now, in whole seconds, never before the full time to live. Less than a second counts as one.
    package static func expiration(now: Timestamp, timeToLive: Duration) -> Timestamp {
        let end = now + max(timeToLive, .seconds(1))
        return Timestamp(seconds: (end + .milliseconds(999)).seconds)
    }
}

extension SessionRules.WriteContext {
    /// Where the history of a key without a record ended: not above this. Nil where the time alone is above all.
    fileprivate var history: SessionVersion? {
        self.removedVersion.flatMap { $0.rawValue > self.now.milliseconds ? $0 : nil }
    }
}
