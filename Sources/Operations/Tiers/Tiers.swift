package import CacheStore
package import Dynamo
package import SessionStore
package import Wiring

/// Both tiers of a store, for tools that look past the cache.
package struct Tiers: Sendable {
    /// What everything goes through.
    package let store: any SessionStore
    /// The source of truth.
    package let table: any SessionStore
    /// The source of truth, where DynamoDB has it.
    package let dynamo: DynamoStore?
    /// The cache; nil: there is none.
    package let core: CacheCore<RedisCommands>?
    /// The time that both go by.
    package let clock: any SessionClock

    /// The tiers of opened services.
    package init(_ services: SessionServices) {
        self.store = services.store
        self.table = services.table
        self.dynamo = services.dynamo
        self.core = services.core
        self.clock = services.clock
    }

    /// What both have of a session. Throws where one of them does not answer: that is not "nothing".
    package func look(_ key: SessionKey) async throws(SessionStoreError) -> TierView {
        var cache: CacheFinding?
        if let core { cache = try await core.examine(key) }
        return TierView(table: try await self.tableSide(key), cache: cache)
    }

    /// What became of a session.
    package func trace(_ key: SessionKey) async throws(SessionStoreError) -> SessionTrace {
        SessionTrace(try await self.look(key))
    }

    /// What the source of truth has, ended or not where it can tell.
    package func tableSide(_ key: SessionKey) async throws(SessionStoreError) -> TableSide {
        guard let dynamo else {
            return try await self.table.read(SessionRead(key, as: .asOperator, consistency: .strong)).map { .live($0) } ?? .none
        }
        do throws(DynamoError) {
            return TableSide(try await dynamo.item(key))
        } catch {
            throw error.storeError
        }
    }
}

extension SessionServices {
    /// Both tiers.
    package var tiers: Tiers { Tiers(self) }
}
