import CacheStore
package import Dynamo
import Redis
package import SessionStore
package import Wiring

/// Removes all that is kept of a user: sessions and memory, from both tiers, while others read and write.
///
/// In this order, for each session:
///
/// 1. A deletion, as any: intent, table, publish. From now on no reader gets the session; a reader that had the lease lost it to the intent, and cannot fill.
/// 2. DeleteItem, under the condition that the item has ended. Whoever has written it since keeps it, and 1 is done again.
/// 3. The cache's key is removed, whatever version it has, but for an intent: its writers are at work. What they publish afterwards finds no intent of theirs
///    with their version as the highest, so it is not stored; a reader that comes now takes a new lease and finds no item.
///
/// A key without an entry is always right; so each step may be cut off and done again.
package struct Forgetting: Sendable {
    /// How often a session that is written meanwhile is deleted again.
    static let attempts = 3

    private let services: SessionServices
    private let dynamo: DynamoStore
    private let user: UserID
    private var tiers: Tiers { self.services.tiers }

    /// Of this user. Nil where the store is no table of DynamoDB.
    package init?(_ user: UserID, in services: SessionServices) {
        guard let dynamo = services.dynamo else { return nil }
        self.services = services
        self.dynamo = dynamo
        self.user = user
    }

    /// Makes sure of the right to remove items before anything is changed. Throws `.accessDenied` without it.
    package func requirePurgeRight() async throws(SessionStoreError) {
        do throws(DynamoError) {
            try await self.dynamo.probe(.deleteItem)
        } catch {
            guard error.code == "AccessDeniedException" else { throw error.storeError }
            throw SessionStoreError(
                .accessDenied,
                "nothing was removed: forgetting needs the right dynamodb:DeleteItem on the table, which `bedrock-sessions policy --purge` prints",
                underlying: error.code)
        }
    }

    /// The user's items. Throws `.misconfigured` where the table has no index, `.accessDenied` where it may not be asked.
    package func items(byIndex: Bool, walked: @escaping @Sendable (Int) -> Void) async throws(SessionStoreError) -> (
        items: [TableItem], nameless: Int
    ) {
        try await self.dynamo.items(of: self.user, byIndex: byIndex, walked)
    }

    /// Removes them, and what the cache alone has. `found` is what `items` named, `done` is told of each.
    package func run(
        _ found: (items: [TableItem], nameless: Int), byIndex: Bool, done: @escaping @Sendable (Int) -> Void
    ) async throws(SessionStoreError) -> ForgetReceipt {
        var receipt = ForgetReceipt()
        for item in found.items {
            guard let key = item.key else { continue }
            if Task.isCancelled { throw Self.cancelled }
            switch try await self.remove(key) {
            case true?: if key.memoryOwner == nil { receipt.sessions += 1 } else { receipt.memory = true }
            case false?: receipt.writtenAgain += 1
            case nil: break
            }
            done(1)
        }
        if found.nameless > 0 {
            receipt.remains.append(
                .init("\(found.nameless) items under keys that are no session ids", until: nil, isFailure: true))
        }
        receipt.strayEntries = try await self.removeStrayEntries()
        try await self.verify(byIndex: byIndex, &receipt)
        await self.addWhatNobodyHereRemoves(to: &receipt)
        return receipt
    }

    /// Removes one item from both tiers. False: it was written again, each time; nil: it is somebody else's by now.
    private func remove(_ key: SessionKey) async throws(SessionStoreError) -> Bool? {
        for _ in 0..<Self.attempts {
            do throws(SessionStoreError) {
                _ = try await self.services.store.write(SessionWrite(key, .delete, as: .user(self.user)))
            } catch {
                switch error.code {
                case .notOwner: return nil
                case .malformedItem: return try await self.removeMalformed(key)
                default: throw error
                }
            }
            if try await self.purge(key, if: .ended) { return true }
        }
        return false
    }

    /// An item of another shape is removed as it is: nothing reads it.
    private func removeMalformed(_ key: SessionKey) async throws(SessionStoreError) -> Bool {
        try await self.purge(key, if: .owned(self.user))
    }

    private func purge(_ key: SessionKey, if ground: DynamoStore.PurgeGround) async throws(SessionStoreError) -> Bool {
        do throws(DynamoError) {
            guard try await self.dynamo.purge(key, if: ground) == .removed else { return false }
        } catch {
            throw error.storeError
        }
        try await self.services.core?.purge(key)
        return true
    }

    /// Entries of the user whose items went without the cache being told.
    private func removeStrayEntries() async throws(SessionStoreError) -> Int {
        guard let core = self.services.core, let redis = self.services.redis else { return 0 }
        var count = 0
        let pattern = Array("bs1:\(core.configuration.table):*".utf8)
        try await KeyWalk(redis, pattern: pattern).run { (keys) async throws(SessionStoreError) in
            for bytes in keys {
                guard let key = core.key(ofRedisKey: bytes), try await self.isOfUser(key, core) else { continue }
                // A session that is still, or again, in the table is what `remove` has told of.
                try await core.purge(key)
                count += 1
            }
            return true
        }
        return count
    }

    private func isOfUser(_ key: SessionKey, _ core: CacheCore<RedisCommands>) async throws(SessionStoreError) -> Bool {
        switch try await core.examine(key).state {
        case .live(let session): session.owner == self.user || key.memoryOwner == self.user
        case .tombstone: key.memoryOwner == self.user
        case .none, .absent, .lease, .intent, .bad: false
        }
    }

    /// Looks again, in both tiers.
    private func verify(byIndex: Bool, _ receipt: inout ForgetReceipt) async throws(SessionStoreError) {
        let left = try await self.dynamo.items(of: self.user, byIndex: byIndex).items
        if !left.isEmpty {
            receipt.writtenAgain = max(receipt.writtenAgain, left.count)
            receipt.remains.append(.init("\(left.count) items that were written while the user was forgotten", until: nil, isFailure: true))
        }
        let stray = try await self.removeStrayEntries()
        if stray > 0 {
            receipt.remains.append(.init("\(stray) entries came into the cache meanwhile, and were removed", until: "now"))
        }
        receipt.remains.append(
            .init(
                "of sessions that were deleted before, the marks of that, without any data or user",
                until: "the time to live removes them from the table, an hour at most in the cache"))
        receipt.remains.append(
            .init(
                "of sessions that were read or written meanwhile, their keys in the cache, without any data", until: "15 seconds from now"))
    }

    /// What is out of this program's reach, and until when.
    private func addWhatNobodyHereRemoves(to receipt: inout ForgetReceipt) async {
        do throws(DynamoError) {
            if try await self.dynamo.describeRecovery() {
                receipt.remains.append(
                    .init("what point-in-time recovery of the table can bring back", until: "at most 35 days from now"))
            }
        } catch {
            receipt.remains.append(
                .init("what point-in-time recovery can bring back, if it is on (not allowed to ask)", until: "at most 35 days from now"))
        }
        receipt.remains.append(.init("backups, exports and streams of the table that others made", until: nil))
        if let near = self.services.core?.configuration.nearCache {
            receipt.remains.append(.init("copies in the memory of processes with a near cache", until: "\(near.maxAge.shortText) from now"))
        }
    }

    private static var cancelled: SessionStoreError {
        SessionStoreError(.cancelled, "the forgetting was interrupted: run it again, it goes on where it ended")
    }
}
