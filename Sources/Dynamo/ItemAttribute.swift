import JSON

/// The names of the attributes of an item (DESIGN section 4, "Data").
enum ItemAttribute: String, CaseIterable {
    /// S, partition key: the session id, or `user#` and the user id.
    case key = "session_id"
    /// S, optional: the owner.
    case owner = "user_id"
    /// M: the fields.
    case data
    /// N, seconds since 1970: the table's time-to-live attribute.
    case expiration
    /// N: grows with each write.
    case version
    /// S, 32 hexadecimal digits: tells one write from another.
    case writeID = "write_id"
    /// N, milliseconds since 1970: when this life of the session began.
    case createdAt = "created_at"
    /// N, milliseconds since 1970: when it was last written.
    case updatedAt = "updated_at"
}

extension ItemAttribute {
    /// The attribute of that name, told by its bytes; nil for one of another program.
    init?(name: JSONNode) {
        switch name.code {
        case 0x6461_7461: self = .data
        case 0x75_7365_725f_6964: self = .owner
        case 0x76_6572_7369_6f6e: self = .version
        case 0x7772_6974_655f_6964: self = .writeID
        // Longer than a code.
        case 0 where name.isPlain("session_id"): self = .key
        case 0 where name.isPlain("expiration"): self = .expiration
        case 0 where name.isPlain("created_at"): self = .createdAt
        case 0 where name.isPlain("updated_at"): self = .updatedAt
        // With escapes, which nobody writes and everybody may.
        case 0: if let attribute = name.string.flatMap(ItemAttribute.init(rawValue:)) { self = attribute } else { return nil }
        default: return nil
        }
    }
}
