import JSON
import SessionStore

extension DynamoClient {
    /// A part of a query's or scan's result.
    struct Page<Element: Sendable>: Sendable {
        /// What it holds; may be nothing although more follows.
        var elements: [Element]
        /// Where the next page starts, as the service said it; nil: this was the last one.
        var next: JSONValue?
    }

    /// The keys of items whose attribute has that value, by an index: one page of what the index knows at this moment.
    ///
    /// - Parameters:
    ///   - after: `next` of the page before.
    ///   - limit: Items of a page at most.
    func queryKeys(
        table: String, index: String, _ attribute: ItemAttribute, is value: String, after: JSONValue?, limit: Int, deadline: Duration
    ) async throws(DynamoError) -> Page<String> {
        try RequestLimits.check(partitionKey: value)
        var condition = Expression()
        let name = condition.path(attribute).text
        condition.require("\(name) = \(condition.value(.string(value)))")
        try RequestLimits.check(condition)
        let request = self.request(table) { writer in
            writer.key("IndexName")
            writer.string(index)
            condition.write(to: &writer, condition: "KeyConditionExpression")
            Self.place(after, limit, &writer)
        }
        return try await self.page(.query, table, request, deadline) { $0[ItemAttribute.key.rawValue]?["S"]?.string ?? "" }
    }

    /// One page of one of the parts that a scan is divided into.
    ///
    /// - Parameters:
    ///   - segment: Which part, from 0; `segments`: of how many.
    ///   - isConsistent: Whether it sees every write that was acknowledged before it.
    func scan(
        table: String, segment: Int, of segments: Int, isConsistent: Bool, after: JSONValue?, limit: Int, deadline: Duration
    ) async throws(DynamoError) -> Page<(key: String, item: StoredItem)> {
        let request = self.scanRequest(table, segment, of: segments, isConsistent: isConsistent, after, limit)
        return try await self.page(.scan, table, request, deadline) {
            ($0[ItemAttribute.key.rawValue]?["S"]?.string ?? "", StoredItem($0))
        }
    }

    /// The same with each item as the service writes it.
    func scanWhole(
        table: String, segment: Int, of segments: Int, after: JSONValue?, deadline: Duration
    ) async throws(DynamoError) -> Page<JSONValue> {
        let request = self.scanRequest(table, segment, of: segments, isConsistent: true, after, 1000)
        return try await self.page(.scan, table, request, deadline) { JSONValue($0) }
    }

    private func scanRequest(
        _ table: String, _ segment: Int, of segments: Int, isConsistent: Bool, _ after: JSONValue?, _ limit: Int
    ) -> [UInt8] {
        self.request(table) { writer in
            writer.key("Segment")
            writer.integer(Int64(segment))
            writer.key("TotalSegments")
            writer.integer(Int64(segments))
            writer.key("ConsistentRead")
            writer.bool(isConsistent)
            Self.place(after, limit, &writer)
        }
    }

    private static func place(_ after: JSONValue?, _ limit: Int, _ writer: inout JSONWriter) {
        writer.key("Limit")
        writer.integer(Int64(limit))
        guard let after else { return }
        writer.key("ExclusiveStartKey")
        after.write(to: &writer)
    }

    private func page<Element>(
        _ operation: DynamoOperation, _ table: String, _ request: [UInt8], _ deadline: Duration, _ read: (JSONNode) -> Element
    ) async throws(DynamoError) -> Page<Element> {
        let page = try await self.call(operation, table, request, deadline) { node -> Page<Element>? in
            guard let items = node["Items"], items.kind == .array else { return nil }
            let last = node["LastEvaluatedKey"].flatMap { $0.count > 0 ? JSONValue($0) : nil }
            return Page(elements: items.elements.map(read), next: last)
        }
        guard let page else { throw .unreadableAnswer }
        return page
    }
}
