import JSON

/// The type of an attribute value, which is the name of its one member: `{"S": "..."}`.
///
/// Source: Amazon DynamoDB API reference, `AttributeValue`.
enum AttributeType {
    case string, number, binary, bool, null, list, map, stringSet, numberSet, binarySet
    /// None of DynamoDB's.
    case unknown

    /// The type and content of an attribute value; nil for anything but an object with one member.
    static func split(_ node: JSONNode) -> (type: AttributeType, value: JSONNode)? {
        var members = node.pairs
        guard node.count == 1, let (name, value) = members.next() else { return nil }
        return (AttributeType(code: name.code), value)
    }

    private init(code: UInt64) {
        switch code {
        case 0x53: self = .string  // S
        case 0x4e: self = .number  // N
        case 0x42: self = .binary  // B
        case 0x424f_4f4c: self = .bool  // BOOL
        case 0x4e55_4c4c: self = .null  // NULL
        case 0x4c: self = .list  // L
        case 0x4d: self = .map  // M
        case 0x5353: self = .stringSet  // SS
        case 0x4e53: self = .numberSet  // NS
        case 0x4253: self = .binarySet  // BS
        default: self = .unknown
        }
    }
}
