/// A reply in the Redis protocol (RESP2), as Swift values.
public enum RedisReply: Hashable, Sendable {
    /// No value: a missing key, or a condition that did not hold.
    case null
    /// A short word such as `OK`.
    case status(String)
    /// A 64-bit integer.
    case integer(Int64)
    /// A binary-safe value.
    case bytes([UInt8])
    /// A list, of any kinds, with at most seven levels of lists in it (hiredis's limit).
    case array([RedisReply])
    /// An error inside an array. An error that is the whole reply is thrown instead.
    case error(RedisServerError)
}
