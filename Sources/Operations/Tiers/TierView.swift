package import CacheStore
import SessionStore

/// One session as both tiers have it.
package struct TierView: Hashable, Sendable {
    /// The source of truth.
    package var table: TableSide
    /// The cache; nil: there is none.
    package var cache: CacheFinding?

    /// Both sides.
    package init(table: TableSide, cache: CacheFinding?) {
        self.table = table
        self.cache = cache
    }

    /// Whether the cache may answer what the table would not, and how.
    package enum Agreement: Hashable, Sendable {
        /// Both say the same, or the cache says nothing.
        case agree
        /// A reader or a writer has the key; who asks now asks the table.
        case underWay
        /// They differ, as this sentence says.
        case differ(String)
    }

    /// Whether the two agree.
    package var agreement: Agreement {
        switch self.cache?.state {
        case nil, .none?: return .agree
        case .lease?, .intent?: return .underWay
        case .bad(let flaw)?: return .differ("the cache holds \(flaw.rawValue)")
        case .live(let copy)?:
            guard let session = self.table.session else { return .differ("the cache has a session that the table does not have") }
            return self.compare(copy, session)
        case .absent?:
            return self.table.session == nil ? .agree : .differ("the cache says that there is no session, and the table has one")
        case .tombstone?:
            return self.table.session == nil ? .agree : .differ("the cache says that the session was deleted, and the table has one")
        }
    }

    /// The names of what differs between the copy and the session, fields as `data.NAME`; empty unless both have one.
    package var differences: [String] {
        guard case .live(let copy)? = self.cache?.state, let session = self.table.session else { return [] }
        var names: [String] = []
        if copy.version != session.version { names.append("version") }
        if copy.owner != session.owner { names.append("user") }
        if copy.expiration != session.expiration { names.append("expiration") }
        if copy.createdAt != session.createdAt { names.append("created_at") }
        if copy.updatedAt != session.updatedAt { names.append("updated_at") }
        let fields = Set(copy.data.keys).union(session.data.keys).filter { copy.data[$0] != session.data[$0] }
        return names + fields.sorted().map { "data.\($0)" }
    }

    private func compare(_ copy: Session, _ session: Session) -> Agreement {
        let names = self.differences
        if names.isEmpty { return .agree }
        switch (copy.version, session.version) {
        case (let mine?, let theirs?) where mine < theirs: return .differ("the cache has an older version than the table")
        case (let mine?, let theirs?) where mine > theirs: return .differ("the cache has a newer version than the table")
        default: return .differ("the cache has the same version with another content")
        }
    }
}
