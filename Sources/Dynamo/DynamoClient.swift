import AWS
import JSON
import Locked
import SessionStore

/// DynamoDB's operations on sessions: requests as JSON, answers read straight from it. Knows no rules.
package final class DynamoClient: Sendable {
    private let transport: any DynamoTransport
    /// Whether answers are to say what they cost.
    private let countsCapacity: Bool
    let metrics: DynamoMetrics
    /// Of the table that was read last.
    private let itemRequest = Locked<ItemRequest?>(nil)

    /// A client over that transport. With `countsCapacity` each request asks for what it consumes, and the answers are summed into a metric.
    package convenience init(transport: any DynamoTransport, countsCapacity: Bool = true) {
        self.init(transport: transport, countsCapacity: countsCapacity, metrics: DynamoMetrics())
    }

    init(transport: any DynamoTransport, countsCapacity: Bool, metrics: DynamoMetrics) {
        self.transport = transport
        self.countsCapacity = countsCapacity
        self.metrics = metrics
    }

    /// Reads an item, consistently; nil when there is none.
    func getItem(table: String, key: SessionKey, deadline: Duration) async throws(DynamoError) -> StoredItem? {
        let request = self.itemRequest.withLock { known in
            if let known, known.table == table { return known.text(for: key) }
            let made = ItemRequest(table: table, countsCapacity: self.countsCapacity)
            known = made
            return made.text(for: key)
        }
        return try await self.call(.getItem, table, request, deadline) { node in node["Item"].map { StoredItem($0) } }
    }

    /// Changes an item under a condition.
    func updateItem(table: String, key: SessionKey, _ expression: Expression, deadline: Duration) async throws(DynamoError) -> WriteAnswer {
        try RequestLimits.check(expression)
        let request = self.request(table, key, capacity: 1024) { writer in
            expression.write(to: &writer)
            writer.key("ReturnValues")
            writer.string("ALL_NEW")
            writer.key("ReturnValuesOnConditionCheckFailure")
            writer.string("ALL_OLD")
        }
        return try await self.write(.updateItem, table, request, deadline) { node in
            node["Attributes"].map { WriteAnswer.applied(StoredItem($0)) }
        }
    }

    /// A request about one item, with what `more` writes.
    func request(_ table: String, _ key: SessionKey, capacity: Int = 256, _ more: (inout JSONWriter) -> Void = { _ in }) -> [UInt8] {
        self.request(table, capacity: capacity) { writer in
            writer.key("Key")
            writer.key(of: key)
            more(&writer)
        }
    }

    /// A request about a table, with what `more` writes.
    func request(_ table: String, capacity: Int = 256, _ more: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity)
        writer.beginObject()
        writer.key("TableName")
        writer.string(table)
        more(&writer)
        self.askForCapacity(&writer)
        writer.endObject()
        return writer.bytes
    }

    func askForCapacity(_ writer: inout JSONWriter) {
        guard self.countsCapacity else { return }
        writer.key("ReturnConsumedCapacity")
        writer.string("TOTAL")
    }

    /// Sends a conditional write; `read` makes its answer of a response, nil if that cannot be.
    func write(
        _ operation: DynamoOperation, _ table: String, _ request: [UInt8], _ deadline: Duration, _ read: (JSONNode) -> WriteAnswer?
    ) async throws(DynamoError) -> WriteAnswer {
        try RequestLimits.check(request: request)
        let answer: [UInt8]
        do throws(AWSError) {
            answer = try await self.transport.send(operation, body: request, deadline: deadline)
        } catch {
            switch error.code {
            case "ConditionalCheckFailedException": return .conditionFailed(Self.item(in: error.body))
            case "TransactionConflictException": return .collided
            default: throw DynamoError(error, table: table, operation: operation)
            }
        }
        guard let result = try self.parse(operation, answer, read) else { throw .unreadableAnswer }
        return result
    }

    func call<Result>(
        _ operation: DynamoOperation, _ table: String, _ request: [UInt8], _ deadline: Duration, _ read: (JSONNode) -> Result
    ) async throws(DynamoError) -> Result {
        try RequestLimits.check(request: request)
        let answer: [UInt8]
        do throws(AWSError) {
            answer = try await self.transport.send(operation, body: request, deadline: deadline)
        } catch {
            throw DynamoError(error, table: table, operation: operation)
        }
        return try self.parse(operation, answer, read)
    }

    private func parse<Result>(
        _ operation: DynamoOperation, _ answer: [UInt8], _ read: (JSONNode) -> Result
    ) throws(DynamoError) -> Result {
        do throws(JSONError) {
            let document = try JSONDocument(parsing: answer)
            return try document.withRoot { (node) throws(JSONError) in
                guard node.kind == .object else { throw JSONError(.syntax, position: 0) }
                if self.countsCapacity, let units = Self.consumedCapacity(node) { self.metrics.consumed(units, by: operation) }
                return read(node)
            }
        } catch {
            throw .unreadableAnswer
        }
    }

    /// The capacity units of an answer: one object, or one for each table.
    private static func consumedCapacity(_ answer: JSONNode) -> Double? {
        guard let consumed = answer["ConsumedCapacity"] else { return nil }
        if consumed.kind == .array { return consumed.elements.reduce(0) { $0 + ($1["CapacityUnits"]?.double ?? 0) } }
        return consumed["CapacityUnits"]?.double
    }

    /// The item in the body of a failed condition; older servers send none.
    private static func item(in body: [UInt8]) -> StoredItem? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return document.withRoot { node in
            node["Item"].flatMap { $0.count > 0 ? StoredItem($0) : nil }
        }
    }
}

/// What became of a conditional write that was decided.
enum WriteAnswer: Hashable, Sendable {
    /// Applied; the item as it is now (UpdateItem) or as it was (DeleteItem, PutItem), nil where there is none.
    case applied(StoredItem?)
    /// The condition did not hold. The item that is there, if the server says.
    case conditionFailed(StoredItem?)
    /// Another request on the item was in its way; nothing was applied.
    case collided
}

extension JSONWriter {
    /// Writes an item's key.
    mutating func key(of key: SessionKey) {
        self.beginObject()
        self.key(ItemAttribute.key.rawValue)
        self.attribute(.string(key.rawValue))
        self.endObject()
    }
}
