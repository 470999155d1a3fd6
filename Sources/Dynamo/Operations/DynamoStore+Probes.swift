package import SessionStore

extension DynamoStore {
    /// Describes the table; nil when there is none. Needs the right `dynamodb:DescribeTable`.
    package func describeTable() async throws(DynamoError) -> TableDescription? {
        try await self.client.describeTable(self.configuration.table, deadline: self.configuration.readDeadline)
    }

    /// Describes the table's time to live. Needs the right `dynamodb:DescribeTimeToLive`.
    package func describeTimeToLive() async throws(DynamoError) -> TimeToLiveDescription {
        try await self.client.describeTimeToLive(self.configuration.table, deadline: self.configuration.readDeadline)
    }

    /// Whether the table can be restored to any second of the last weeks. Needs the right `dynamodb:DescribeContinuousBackups`.
    package func describeRecovery() async throws(DynamoError) -> Bool {
        try await self.client.describeBackups(self.configuration.table, deadline: self.configuration.readDeadline)
    }

    /// Finds out whether an operation on items is allowed, without changing anything: reads ask for an item that nobody has, writes have a condition that
    /// never holds. Throws what the table answers where it is not.
    ///
    /// - Parameter operation: One on items; of others nothing is asked.
    package func probe(_ operation: DynamoOperation) async throws(DynamoError) {
        let (table, deadline) = (self.configuration.table, self.configuration.readDeadline)
        let key = try Self.nobody
        var never = Expression()
        let name = never.path(.key).text
        never.require("attribute_exists(\(name))")
        never.require("attribute_not_exists(\(name))")
        switch operation {
        case .getItem: _ = try await self.client.getItem(table: table, key: key, deadline: deadline)
        case .batchGetItem: _ = try await self.client.batchGetItem(table: table, keys: [key], deadline: deadline)
        case .putItem:
            _ = try await self.client.putItem(
                table: table, item: [ItemAttribute.key.rawValue: .string(key.rawValue)], if: never, deadline: deadline)
        case .updateItem:
            do throws(SessionStoreError) {
                try never.remove(never.path(.data))
            } catch {
                throw .notSent(error)
            }
            _ = try await self.client.updateItem(table: table, key: key, never, deadline: deadline)
        case .deleteItem: _ = try await self.client.deleteItem(table: table, key: key, if: never, deadline: deadline)
        case .query:
            _ = try await self.client.queryKeys(
                table: table, index: self.configuration.userIndex, .owner, is: "nobody", after: nil, limit: 1, deadline: deadline)
        case .scan:
            _ = try await self.client.scan(
                table: table, segment: 0, of: 1, isConsistent: false, after: nil, limit: 1, deadline: deadline)
        case .describeTable, .createTable, .updateTable, .updateTimeToLive, .describeTimeToLive, .updateContinuousBackups,
            .describeContinuousBackups:
            break
        }
    }

    /// One item as an audit sees it; nil when there is none.
    package func item(_ key: SessionKey) async throws(DynamoError) -> TableItem? {
        let item = try await self.client.getItem(
            table: self.configuration.table, key: key, deadline: self.configuration.readDeadline)
        return item.map { TableItem(key.rawValue, $0, at: self.clock.now) }
    }

    /// The first items of the table, as an audit sees them. Needs the right `dynamodb:Scan`.
    package func sample(_ count: Int) async throws(DynamoError) -> [TableItem] {
        let page = try await self.client.scan(
            table: self.configuration.table, segment: 0, of: 1, isConsistent: false, after: nil, limit: count,
            deadline: self.configuration.readDeadline)
        let now = self.clock.now
        return page.elements.map { TableItem($0.key, $0.item, at: now) }
    }

    /// A key of the form of a session's that no session has: ids with this beginning are for tools.
    private static var nobody: SessionKey {
        get throws(DynamoError) {
            do throws(SessionStoreError) {
                return .session(try SessionID("bedrock-sessions:probe"))
            } catch {
                throw .notSent(error)
            }
        }
    }
}
