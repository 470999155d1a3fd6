import JSON
import SessionStore

/// The text of a consistent GetItem. Of one table's they differ in the key alone: the rest is written once.
struct ItemRequest: Sendable {
    let table: String
    /// Up to the key's text.
    private let start: [UInt8]
    /// What follows it.
    private let end: [UInt8]

    init(table: String, countsCapacity: Bool) {
        self.table = table
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("TableName")
        writer.string(table)
        writer.key("Key")
        writer.beginObject()
        writer.key(ItemAttribute.key.rawValue)
        writer.beginObject()
        writer.key("S")
        let start = writer.bytes.count
        // Stands for the key.
        writer.string("")
        let end = writer.bytes.count
        writer.endObject()
        writer.endObject()
        writer.key("ConsistentRead")
        writer.bool(true)
        if countsCapacity {
            writer.key("ReturnConsumedCapacity")
            writer.string("TOTAL")
        }
        writer.endObject()
        self.start = Array(writer.bytes[..<start])
        self.end = Array(writer.bytes[end...])
    }

    /// The request for one item.
    func text(for key: SessionKey) -> [UInt8] {
        let text = key.rawValue
        var writer = JSONWriter(continuing: self.start, capacity: self.start.count + text.utf8.count + 2 + self.end.count)
        writer.string(text)
        writer.end(with: self.end)
        return writer.bytes
    }
}
