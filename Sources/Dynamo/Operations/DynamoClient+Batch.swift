import JSON
import SessionStore

extension DynamoClient {
    /// What one BatchGetItem brought.
    struct BatchAnswer: Hashable, Sendable {
        /// The items that are there.
        var items: [SessionKey: StoredItem]
        /// The keys to ask for again.
        var unprocessed: Set<SessionKey>
    }

    /// Reads up to a hundred items, consistently. `keys` names each key once.
    ///
    /// A key without an item that the answer does not call unprocessed has none: so an answer that is not whole in form is `.unreadableAnswer`.
    func batchGetItem(table: String, keys: [SessionKey], deadline: Duration) async throws(DynamoError) -> BatchAnswer {
        var writer = JSONWriter(capacity: 128 + keys.count * 80)
        writer.beginObject()
        writer.key("RequestItems")
        writer.beginObject()
        writer.key(table)
        writer.beginObject()
        writer.key("ConsistentRead")
        writer.bool(true)
        writer.key("Keys")
        writer.beginArray()
        for key in keys { writer.key(of: key) }
        writer.endArray()
        writer.endObject()
        writer.endObject()
        self.askForCapacity(&writer)
        writer.endObject()
        let names = Dictionary(keys.map { ($0.rawValue, $0) }) { $1 }
        let answer = try await self.call(.batchGetItem, table, writer.bytes, deadline) { Self.read($0, table, names) }
        guard let answer else { throw .unreadableAnswer }
        return answer
    }

    /// Nil for an answer that is none to this question.
    private static func read(_ answer: JSONNode, _ table: String, _ names: [String: SessionKey]) -> BatchAnswer? {
        guard let responses = answer["Responses"], responses.kind == .object else { return nil }
        var result = BatchAnswer(items: [:], unprocessed: [])
        if let left = answer["UnprocessedKeys"]?[table] {
            guard let keys = left["Keys"] else { return nil }
            for node in keys.elements {
                guard let key = self.key(node, names) else { return nil }
                result.unprocessed.insert(key)
            }
            // Something is left, and what it is cannot be read.
            guard !result.unprocessed.isEmpty else { return nil }
        }
        guard let items = responses[table] else { return result.unprocessed.count == names.count ? result : nil }
        guard items.kind == .array else { return nil }
        for node in items.elements {
            guard let key = self.key(node, names), result.items.updateValue(StoredItem(node), forKey: key) == nil else { return nil }
        }
        return result
    }

    private static func key(_ node: JSONNode, _ names: [String: SessionKey]) -> SessionKey? {
        node[ItemAttribute.key.rawValue]?["S"]?.string.flatMap { names[$0] }
    }
}
