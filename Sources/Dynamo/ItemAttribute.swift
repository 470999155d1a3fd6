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
