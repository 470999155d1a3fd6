import JSON
package import SessionStore

extension DynamoClient {
    /// Writes a whole item, whatever is there.
    package func putItem(table: String, item: SessionData, deadline: Duration) async throws(DynamoError) {
        _ = try await self.putItem(table: table, item: item, if: Expression(), deadline: deadline)
    }

    /// Writes a whole item if the condition holds; an expression without one always does. Answers with the item that it took the place of.
    func putItem(
        table: String, item: SessionData, if condition: Expression, deadline: Duration
    ) async throws(DynamoError) -> WriteAnswer {
        try RequestLimits.check(item: item)
        try RequestLimits.check(partitionKey: item[ItemAttribute.key.rawValue]?.string ?? "")
        try RequestLimits.check(condition)
        let request = self.request(table, capacity: 1024) { writer in
            writer.key("Item")
            writer.attributes(item)
            Self.conditions(condition, &writer)
        }
        return try await self.write(.putItem, table, request, deadline, Self.itemBefore)
    }

    /// Deletes an item if the condition holds; an expression without one always does. Answers with the item that was there.
    func deleteItem(
        table: String, key: SessionKey, if condition: Expression = Expression(), deadline: Duration
    ) async throws(DynamoError) -> WriteAnswer {
        try RequestLimits.check(condition)
        let request = self.request(table, key) { writer in Self.conditions(condition, &writer) }
        return try await self.write(.deleteItem, table, request, deadline, Self.itemBefore)
    }

    private static func conditions(_ condition: Expression, _ writer: inout JSONWriter) {
        condition.write(to: &writer)
        writer.key("ReturnValues")
        writer.string("ALL_OLD")
        writer.key("ReturnValuesOnConditionCheckFailure")
        writer.string("ALL_OLD")
    }

    private static func itemBefore(_ answer: JSONNode) -> WriteAnswer? {
        .applied(answer["Attributes"].flatMap { $0.count > 0 ? StoredItem($0) : nil })
    }
}
