internal import Locked
package import SessionStore

extension FaultyStore {
    package func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        await Task.yield()
        guard !self.isOut else { return try await self.writeInOutage(write) }
        let asked = try await self.distorted(write)
        if self.lie == .neverDeletes, write.change == .delete {
            return WriteResult(session: nil, version: SessionVersion(.max), changed: true)
        }
        do throws(SessionStoreError) {
            var result = try await self.honestly(self.lie == .writeIgnoresOwner, asked.caller) { (caller) throws(SessionStoreError) in
                var write = asked
                write.caller = caller
                return try await self.base.write(write)
            }
            self.remember(result, write)
            await Task.yield()
            if self.lie == .hidesCancelledWrite && Task.isCancelled { throw SessionStoreError(.cancelled, "the write was cancelled") }
            if self.lie == .versionsOff { result.version = result.version.map { SessionVersion($0.rawValue - 1) } }
            if self.lie == .expirationOffTheSecond, var session = result.session {
                session.expiration = session.expiration.map { $0 + .milliseconds(500) }
                result.session = session
            }
            return result
        } catch {
            return try self.afterError(error, write)
        }
    }

    /// What is asked of the store behind in place of what was asked here.
    private func distorted(_ write: SessionWrite) async throws(SessionStoreError) -> SessionWrite {
        var write = write
        if self.lie == .ignoresBeforeAttempt { write.beforeAttempt = nil }
        if self.lie == .ignoresExpectation { write.onlyIf = nil }
        switch (self.lie, write.change) {
        case (.dropsField, .update(let set, let remove)) where set.count > 1:
            let last = set.keys.max() ?? ""
            write.change = .update(set: set.filter { $0.key != last }, remove: remove)
        case (.dropsRemovals, .update(let set, _)): write.change = .update(set: set, remove: [])
        case (.keepsReplacedFields, .replace(let data)): write.change = .update(set: data, remove: [])
        case (.mergesMaps, .update(let set, let remove)):
            let data = try await self.base.session(write.key, as: .asOperator)?.data ?? [:]
            write.change = .update(set: set.merging(data) { Self.merged($0, $1) }, remove: remove)
        case (.losesRaces, .update(let set, let remove)):
            let data = try await self.base.session(write.key, as: write.caller, consistency: .strong)?.data ?? [:]
            // Long enough for all others to read the same.
            for _ in 0..<200 { await Task.yield() }
            write.change = .replace(data.merging(set) { $1 }.filter { !remove.contains($0.key) })
        case (.touchBegins, .touch): write.change = .update(set: [:], remove: [])
        case (.truncates, .update(let set, let remove)):
            write.change = .update(set: set.mapValues { $0.string.map { .string(String($0.prefix(300_000))) } ?? $0 }, remove: remove)
        case (.neverClaims, _):
            let session = try await self.base.session(write.key, as: .asOperator)
            if let session, session.owner == nil { write.caller = .asOperator }
        case (.trustsBasis, .update(let set, _)):
            if case .absent = write.basis { write.change = .replace(set) }
        default: break
        }
        return write
    }

    private static func merged(_ new: SessionValue, _ old: SessionValue) -> SessionValue {
        guard case .map(let new) = new, case .map(let old) = old else { return new }
        return .map(old.merging(new) { $1 })
    }

    private func remember(_ result: WriteResult, _ write: SessionWrite) {
        self.memory.withLock { memory in
            memory.before[write.key] = memory.last[write.key]
            memory.last[write.key] = write.change == .delete ? nil : result.session ?? memory.last[write.key]
        }
    }

    private func writeInOutage(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        if self.lie == .outageKeeps { _ = try await self.base.write(write) }
        guard self.lie == .outageAcknowledges else { throw Self.unavailable }
        return WriteResult(session: nil, version: SessionVersion(.max), changed: true)
    }

    /// What the caller gets for an error: that error, or a success that is none.
    private func afterError(_ error: SessionStoreError, _ write: SessionWrite) throws(SessionStoreError) -> WriteResult {
        let success = WriteResult(session: nil, version: SessionVersion(.max), changed: true)
        switch (self.lie, error.code) {
        case (.acceptsTooLarge, .tooLarge), (.acceptsInvalid, .invalidValue): return success
        case (.losersWin, .notOwner):
            return WriteResult(
                session: Session(key: write.key, data: [:], owner: write.caller.userID), version: success.version, changed: true)
        case (.tellsIDs, _): throw SessionStoreError(error.code, "\(error.message): \(write.key.rawValue)")
        default: throw error
        }
    }
}
