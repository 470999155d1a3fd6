extension SessionValue {
    /// Bytes of the value in an item.
    ///
    /// Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats": text and binary by their bytes, numbers by their digits, one byte
    /// for true, false and null; lists and maps three bytes and one for each element; sets the sum of their elements.
    package var itemSize: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .number(let text): Self.numberSize(text)
        case .binary(let bytes): bytes.count
        case .bool, .null: 1
        case .list(let elements): elements.reduce(3) { $0 + $1.itemSize + 1 }
        case .map(let members): members.reduce(3) { $0 + $1.key.utf8.count + $1.value.itemSize + 1 }
        case .stringSet(let elements): elements.reduce(0) { $0 + $1.utf8.count }
        case .numberSet(let elements): elements.reduce(0) { $0 + Self.numberSize($1) }
        case .binarySet(let elements): elements.reduce(0) { $0 + $1.count }
        }
    }

    private static func numberSize(_ text: String) -> Int {
        (try? DecimalNumber(text))?.size ?? text.utf8.count
    }
}
