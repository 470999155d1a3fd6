internal import JSON
internal import Locked
internal import SessionStore

/// A DynamoDB table: it executes the requests that the shipped store sends, one at a time, and keeps account of every change.
final class SimulatedTable: Sendable {
    /// What the service answers.
    enum Answer: Sendable {
        case body([UInt8])
        case conditionFailed([UInt8])
        case invalid
    }

    /// What a request did to an item.
    struct Change: Sendable {
        let key: String
        let record: SessionRecord?
        /// Whether a session begins where one was before.
        var beginsAgain = false
    }

    private let items = Locked([String: TableItem]())
    /// Whether a failed condition tells the item: newer servers do.
    let tellsOldItem: Bool

    init(tellsOldItem: Bool) {
        self.tellsOldItem = tellsOldItem
    }

    /// Executes a GetItem.
    func get(_ body: [UInt8]) -> Answer {
        guard let document = try? JSONDocument(parsing: body) else { return .invalid }
        return document.withRoot { request in
            guard let key = request["Key"]?["session_id"]?["S"]?.string else { return .invalid }
            var writer = JSONWriter()
            writer.beginObject()
            if let item = self.items.withLock({ $0[key] }) {
                writer.key("Item")
                item.write(to: &writer)
            }
            writer.endObject()
            return .body(writer.bytes)
        }
    }

    /// Executes a BatchGetItem; it leaves out the keys beyond the first `limit`, as the service may.
    func batchGet(_ body: [UInt8], limit: Int) -> Answer {
        guard let document = try? JSONDocument(parsing: body) else { return .invalid }
        return document.withRoot { request in
            guard let (table, asked) = request["RequestItems"]?.members.first(where: { _ in true }), let list = asked["Keys"] else {
                return .invalid
            }
            let keys = list.elements.compactMap { $0["session_id"]?["S"]?.string }
            let items = self.items.withLock { items in keys.prefix(limit).compactMap { items[$0] } }
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("Responses")
            writer.beginObject()
            writer.key(table)
            writer.beginArray()
            for item in items { item.write(to: &writer) }
            writer.endArray()
            writer.endObject()
            writer.key("UnprocessedKeys")
            Self.write(unprocessed: keys.dropFirst(limit), table, to: &writer)
            writer.endObject()
            return .body(writer.bytes)
        }
    }

    private static func write(unprocessed keys: ArraySlice<String>, _ table: String, to writer: inout JSONWriter) {
        writer.beginObject()
        if !keys.isEmpty {
            writer.key(table)
            writer.beginObject()
            writer.key("Keys")
            writer.beginArray()
            for key in keys {
                var name = TableItem()
                name.attributes["session_id"] = .string(key)
                name.write(to: &writer)
            }
            writer.endArray()
            writer.key("ConsistentRead")
            writer.bool(true)
            writer.endObject()
        }
        writer.endObject()
    }

    /// Executes an UpdateItem, and says what it changed.
    func update(_ body: [UInt8]) -> (Answer, Change?) {
        guard let document = try? JSONDocument(parsing: body) else { return (.invalid, nil) }
        return document.withRoot { request in
            guard let key = request["Key"]?["session_id"]?["S"]?.string, let update = request["UpdateExpression"]?.string else {
                return (.invalid, nil)
            }
            var names: [String: String] = [:]
            for (alias, name) in request["ExpressionAttributeNames"].map({ Array($0.members) }) ?? [] { names[alias] = name.string }
            var values: SessionData = [:]
            for (alias, value) in request["ExpressionAttributeValues"].map({ Array($0.members) }) ?? [] {
                values[alias] = TableItem.value(value)
            }
            let condition = request["ConditionExpression"]?.string
            return self.items.withLock { items in
                do throws(TableExpression.Invalid) {
                    let before = items[key] ?? TableItem()
                    if let condition {
                        var expression = TableExpression(condition, names: names, values: values, item: before)
                        guard try expression.condition() else { return (.conditionFailed(self.refusal(items[key])), nil) }
                    }
                    var expression = TableExpression(update, names: names, values: values, item: before)
                    var after = try expression.updated()
                    after.attributes["session_id"] = .string(key)
                    let isLife = after.record.data != nil && before.record.createdAt != after.record.createdAt
                    let beginsAgain = items[key] != nil && isLife
                    items[key] = after
                    return (
                        .body(Self.object("Attributes", after)), Change(key: key, record: after.record, beginsAgain: beginsAgain)
                    )
                } catch {
                    return (.invalid, nil)
                }
            }
        }
    }

    /// The table's own time to live: removes what has ended, sooner or later.
    func sweep(_ key: String, now: Timestamp) -> Change? {
        self.items.withLock { items in
            guard let end = items[key]?.record.expiration, end <= now else { return nil }
            items[key] = nil
            return Change(key: key, record: nil)
        }
    }

    private func refusal(_ item: TableItem?) -> [UInt8] {
        guard self.tellsOldItem, let item else { return Array("{}".utf8) }
        return Self.object("Item", item)
    }

    private static func object(_ name: String, _ item: TableItem) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key(name)
        item.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}
