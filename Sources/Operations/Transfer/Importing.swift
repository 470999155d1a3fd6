import CacheStore
import Dynamo
import JSON
import Redis
package import SessionStore
package import Wiring

/// Puts items of a file back into the table, each where the table has nothing later and nobody else's, and tells the cache.
package struct Importing: Sendable {
    /// What became of the lines.
    package struct Report: Hashable, Sendable {
        /// Written, or, in a rehearsal, to be written.
        package var written = 0
        /// Left, by reason.
        package var left: [ImportDecision.Reason: Int] = [:]

        /// An empty report.
        package init() {}

        /// Whether every line is in the table now, or has something later there.
        package var isComplete: Bool {
            [.malformed, .otherOwner, .occupied, .contended].allSatisfy { self.left[$0, default: 0] == 0 }
        }
    }

    private static let attempts = 5

    private let services: SessionServices
    private let dynamo: DynamoStore
    private let isRehearsal: Bool

    /// An import into this table; nil where the store is none of DynamoDB.
    package init?(_ services: SessionServices, isRehearsal: Bool) {
        guard let dynamo = services.dynamo else { return nil }
        self.services = services
        self.dynamo = dynamo
        self.isRehearsal = isRehearsal
    }

    /// What became of one line: an item, or `{"Item": ...}` around it. Throws what the tiers say.
    package func add(_ line: [UInt8]) async throws(SessionStoreError) -> ImportDecision {
        guard let value = try? JSONValue(parsing: line),
            let whole = DynamoStore.WholeItem(value["Item"] ?? value, at: self.services.clock.now), let key = whole.item.key
        else { return .leave(.malformed) }
        for _ in 0..<Self.attempts {
            let found = try await self.found(key)
            let decision = ImportDecision(whole.item, over: found)
            if decision != .write || self.isRehearsal { return decision }
            if try await self.write(whole, key, over: found) { return .write }
        }
        return .leave(.contended)
    }

    private func found(_ key: SessionKey) async throws(SessionStoreError) -> TableItem? {
        do throws(DynamoError) {
            return try await self.dynamo.item(key)
        } catch {
            throw error.storeError
        }
    }

    /// False: the table has changed since it was looked at.
    private func write(_ whole: DynamoStore.WholeItem, _ key: SessionKey, over found: TableItem?) async throws(SessionStoreError) -> Bool {
        let base = RestoringStore(dynamo: self.dynamo, whole: whole, found: found)
        let write = SessionWrite(key, .touch, as: .asOperator)
        do throws(SessionStoreError) {
            if let core = self.services.core { _ = try await core.write(write, through: base) } else { _ = try await base.write(write) }
            return true
        } catch {
            guard error.code == .conflict else { throw error }
            return false
        }
    }
}

/// Reads every live item of a table, as lines for a file.
package struct Exporting: Sendable {
    private let services: SessionServices
    private let dynamo: DynamoStore

    /// An export of this table; nil where the store is none of DynamoDB.
    package init?(_ services: SessionServices) {
        guard let dynamo = services.dynamo else { return nil }
        self.services = services
        self.dynamo = dynamo
    }

    /// Gives each page's lines to `write`, in the form of DynamoDB's own exports, and tells how many items were left because they have ended.
    package func run(segments: Int, _ write: @escaping @Sendable (_ lines: [[UInt8]], _ ended: Int) -> Void) async throws(SessionStoreError)
    {
        try await self.dynamo.wholeItems(segments: segments) { (page) async throws(SessionStoreError) in
            let kept = page.filter { whole in
                switch whole.item.state {
                case .live, .malformed: true
                case .expired, .deleted: false
                }
            }
            write(kept.map { JSONValue.object([.init("Item", $0.json)]).encoded }, page.count - kept.count)
        }
    }
}
