import AWS
import JSON
package import SessionStore

/// DynamoDB's operations on sessions: requests as JSON, answers read straight from it. Knows no rules.
package final class DynamoClient: Sendable {
    private let transport: any DynamoTransport

    /// A client over that transport.
    package init(transport: any DynamoTransport) {
        self.transport = transport
    }

    /// Reads an item, consistently; nil when there is none.
    func getItem(table: String, key: SessionKey, deadline: Duration) async throws(DynamoError) -> StoredItem? {
        var writer = JSONWriter()
        writer.beginObject()
        writer.target(table, key)
        writer.key("ConsistentRead")
        writer.bool(true)
        writer.endObject()
        return try await self.call(.getItem, table, writer.bytes, deadline) { node in node["Item"].map { StoredItem($0) } }
    }

    /// Writes a whole item, whatever is there.
    package func putItem(table: String, item: [String: SessionValue], deadline: Duration) async throws(DynamoError) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("TableName")
        writer.string(table)
        writer.key("Item")
        writer.attributes(item)
        writer.endObject()
        try await self.call(.putItem, table, writer.bytes, deadline) { _ in }
    }

    /// What became of an UpdateItem that was decided.
    enum UpdateAnswer: Hashable, Sendable {
        /// Applied; the item as it is now.
        case applied(StoredItem)
        /// The condition did not hold. The item that is there, if the server says.
        case conditionFailed(StoredItem?)
        /// Another request on the item was in its way; nothing was applied.
        case collided
    }

    /// Changes an item under a condition.
    func updateItem(table: String, key: SessionKey, _ expression: Expression, deadline: Duration) async throws(DynamoError) -> UpdateAnswer
    {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.target(table, key)
        expression.write(to: &writer)
        writer.key("ReturnValues")
        writer.string("ALL_NEW")
        writer.key("ReturnValuesOnConditionCheckFailure")
        writer.string("ALL_OLD")
        writer.endObject()
        let answer: [UInt8]
        do throws(AWSError) {
            answer = try await self.transport.send(.updateItem, body: writer.bytes, deadline: deadline)
        } catch {
            switch error.code {
            case "ConditionalCheckFailedException": return .conditionFailed(Self.item(in: error.body))
            case "TransactionConflictException": return .collided
            default: throw DynamoError(error, table: table)
            }
        }
        guard let item = try Self.parse(answer, { node in node["Attributes"].map { StoredItem($0) } }) else { throw .unreadableAnswer }
        return .applied(item)
    }

    /// The item in the body of a failed condition; older servers send none.
    private static func item(in body: [UInt8]) -> StoredItem? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return document.withRoot { node in
            node["Item"].flatMap { $0.count > 0 ? StoredItem($0) : nil }
        }
    }

    func call<Result>(
        _ operation: DynamoOperation, _ table: String, _ body: [UInt8], _ deadline: Duration, _ read: (JSONNode) -> Result
    ) async throws(DynamoError) -> Result {
        let answer: [UInt8]
        do throws(AWSError) {
            answer = try await self.transport.send(operation, body: body, deadline: deadline)
        } catch {
            throw DynamoError(error, table: table)
        }
        return try Self.parse(answer, read)
    }

    private static func parse<Result>(_ answer: [UInt8], _ read: (JSONNode) -> Result) throws(DynamoError) -> Result {
        do throws(JSONError) {
            let document = try JSONDocument(parsing: answer)
            return try document.withRoot { (node) throws(JSONError) in
                guard node.kind == .object else { throw JSONError(.syntax, position: 0) }
                return read(node)
            }
        } catch {
            throw .unreadableAnswer
        }
    }
}

extension JSONWriter {
    fileprivate mutating func target(_ table: String, _ key: SessionKey) {
        self.key("TableName")
        self.string(table)
        self.key("Key")
        self.beginObject()
        self.key(ItemAttribute.key.rawValue)
        self.attribute(.string(key.rawValue))
        self.endObject()
    }
}
