import AWS
import JSON
package import SessionStore

/// Removing items before the table's time to live does: needs the right `dynamodb:DeleteItem`, which nothing else here uses.
extension DynamoStore {
    /// What became of an item that was to be removed.
    package enum PurgeOutcome: Hashable, Sendable {
        /// There is no such item any more.
        case removed
        /// It lives: somebody has written it since. It was left as it is.
        case kept
    }

    /// What allows an item to be removed.
    package enum PurgeGround: Hashable, Sendable {
        /// It has ended: it was deleted, or has expired.
        case ended
        /// It is this user's, whatever its shape.
        case owned(UserID)
    }

    /// Removes an item of which the ground holds at that moment. A lost answer is read back.
    package func purge(_ key: SessionKey, if ground: PurgeGround) async throws(DynamoError) -> PurgeOutcome {
        var condition = Expression()
        switch ground {
        case .ended:
            let (data, expiration) = (condition.path(.data).text, condition.path(.expiration).text)
            let now = condition.value(.number("\(self.clock.now.seconds)"))
            condition.require("attribute_not_exists(\(data)) OR \(expiration) <= \(now)")
        case .owned(let user):
            condition.require("\(condition.path(.owner).text) = \(condition.value(.string(user.rawValue)))")
        }
        let (table, deadline) = (self.configuration.table, self.configuration.attemptDeadline)
        do throws(DynamoError) {
            switch try await self.client.deleteItem(table: table, key: key, if: condition, deadline: deadline) {
            case .applied: return .removed
            case .collided: return .kept
            // Servers that do not say what is there are asked.
            case .conditionFailed(let item): if item != nil { return .kept }
            }
        } catch {
            guard error.outcome == .unknown else { throw error }
        }
        return try await self.client.getItem(table: table, key: key, deadline: self.configuration.readDeadline) == nil ? .removed : .kept
    }

    /// The items of a user, sessions and memory, ended ones too, as the table has them.
    ///
    /// - Parameter byIndex: Asks the index, which knows of a write a moment later than the table; otherwise the whole table is walked, consistently, which
    ///   costs its capacity and needs `dynamodb:Scan`.
    package func items(
        of user: UserID, byIndex: Bool, _ walked: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(SessionStoreError) -> (items: [TableItem], nameless: Int) {
        if byIndex { return try await self.indexedItems(of: user) }
        let found = FoundItems()
        try await self.scan(segments: 4, isConsistent: true) { (page) async throws(SessionStoreError) in
            walked(page.count)
            let own = page.filter { $0.owner == user || $0.key?.memoryOwner == user }
            await found.add(own)
        }
        let items = await found.items
        return (items.filter { $0.key != nil }, items.count { $0.key == nil })
    }

    private func indexedItems(of user: UserID) async throws(SessionStoreError) -> (items: [TableItem], nameless: Int) {
        var names: Set<String> = [SessionKey.user(user).rawValue]
        var place: JSONValue?
        repeat {
            do throws(DynamoError) {
                let page = try await self.client.queryKeys(
                    table: self.configuration.table, index: self.configuration.userIndex, .owner, is: user.rawValue, after: place,
                    limit: 1000, deadline: self.configuration.readDeadline)
                names.formUnion(page.elements)
                place = page.next
            } catch {
                throw self.indexError(error)
            }
        } while place != nil
        var (items, nameless): ([TableItem], Int) = ([], 0)
        for name in names.sorted() {
            guard let key = SessionKey(rawValue: name) else {
                nameless += 1
                continue
            }
            do throws(DynamoError) {
                guard let item = try await self.item(key), item.owner == user || key.memoryOwner == user else { continue }
                items.append(item)
            } catch {
                throw error.storeError
            }
        }
        return (items, nameless)
    }
}

/// What several parts of a scan found.
private actor FoundItems {
    var items: [TableItem] = []
    func add(_ more: [TableItem]) { self.items += more }
}
