/// What follows the question mark of a Redis URL: names with values, each name once.
struct RedisURLQuery {
    private var values: [String: [UInt8]] = [:]

    /// Throws for anything but `name=value&name=value`.
    init(_ text: ArraySlice<UInt8>) throws(RedisError) {
        guard !text.isEmpty else { return }
        for part in text.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")), equals > part.startIndex, equals + 1 < part.endIndex else {
                throw Self.invalid(
                    "Write what follows the ? of the Redis URL as name=value&name=value; percent-encode a ? in a password as %3F.")
            }
            let name = String(decoding: part[..<equals], as: UTF8.self)
            guard self.values[name] == nil else { throw Self.invalid("Give each name behind the ? of the Redis URL once.") }
            self.values[name] = try RedisURLParser.percentDecoded(part[(equals + 1)...])
        }
    }

    /// The value of a name, as text; it counts as understood.
    mutating func take(_ name: String) throws(RedisError) -> String? {
        guard let value = self.values.removeValue(forKey: name) else { return nil }
        guard let text = String(validating: value, as: UTF8.self), !text.utf8.contains(0) else {
            throw Self.invalid("Write the values behind the ? of the Redis URL as UTF-8 text.")
        }
        return text
    }

    /// The value of a name that is `true` or `false`.
    mutating func takeFlag(_ name: String) throws(RedisError) -> Bool? {
        switch try self.take(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw Self.invalid("Write serverless=true or serverless=false in the Redis URL.")
        }
    }

    /// Throws for names that were not understood. They are not quoted: a password that was not encoded may be among them.
    func end(allowed: String) throws(RedisError) {
        guard self.values.isEmpty else {
            throw Self.invalid("Behind its ? the Redis URL takes \(allowed); percent-encode a ? in a password as %3F.")
        }
    }

    private static func invalid(_ message: String) -> RedisError {
        RedisError(.invalidConfiguration, message)
    }
}
