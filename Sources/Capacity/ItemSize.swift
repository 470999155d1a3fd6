/// What an item of the table weighs, and what a request for it costs.
///
/// Sources: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and "DynamoDB read and write operations".
package struct ItemSize: Hashable, Sendable {
    /// Bytes of the item, as requests are charged for it.
    package let bytes: Double

    /// An item with these bytes.
    package init(bytes: Double) { self.bytes = bytes }

    /// An item of this project (docs/ARCHITECTURE.md): names count like values, numbers one byte for each two digits and one more.
    ///
    /// - Parameters:
    ///   - keyBytes: Of the session id, or of `user#` and the user's.
    ///   - ownerBytes: Of the owner's id; 0: none.
    ///   - fieldBytes: Of the names and values of the fields.
    ///   - fields: How many.
    package init(keyBytes: Double, ownerBytes: Double, fieldBytes: Double, fields: Double) {
        func name(_ text: String) -> Double { Double(text.utf8.count) }
        let owner = ownerBytes > 0 ? name("user_id") + ownerBytes : 0
        // A map takes three bytes, and each of its members one.
        let data = name("data") + 3 + fieldBytes + fields
        let counters =
            name("expiration") + Self.number(digits: 10) + name("version") + Self.number(digits: 13) + name("created_at")
            + Self.number(digits: 13) + name("updated_at") + Self.number(digits: 13)
        self.init(bytes: name("session_id") + keyBytes + owner + data + counters + name("write_id") + 32)
    }

    /// Bytes of a number with so many significant digits.
    package static func number(digits: Int) -> Double { Double((digits + 1) / 2 + 1) }

    /// The largest item that there can be.
    package static let limit = 400.0 * 1024

    /// Read units of one consistent read: one for each 4 KB that are begun. The cache is filled from these alone; an eventually consistent one is half of it.
    package var readUnits: Double { max((self.bytes / 4096).rounded(.up), 1) }

    /// Write units of one write, and of one whose condition failed: one for each 1 KB that are begun.
    package var writeUnits: Double { max((self.bytes / 1024).rounded(.up), 1) }

    /// Bytes that storage is charged for: 100 more for each item, for its index. Expired items are removed without a charge.
    package var storedBytes: Double { self.bytes + 100 }

    /// Units that one partition key has in a second, whatever the table has ("Best practices for designing partition keys").
    package static let partitionReadUnits = 3000.0
    package static let partitionWriteUnits = 1000.0
}
