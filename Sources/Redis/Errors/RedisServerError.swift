/// An error reply of the server, such as `-WRONGTYPE Operation against a key holding the wrong kind of value`.
public struct RedisServerError: Error, Hashable, Sendable {
    /// The reply's text without the leading minus. The server may quote arguments in it (keys, values): do not log it.
    public let text: String

    /// An error reply with this text.
    public init(text: String) {
        self.text = text
    }

    /// The first word, `ERR` for instance, by which Redis tells errors apart. Empty when the first word is not in capitals.
    public var prefix: String {
        let word = self.text.utf8.prefix(Self.longestPrefix).prefix { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
        }
        // A word that goes on in lower case is prose, and prose may quote what the caller sent.
        guard word.count == self.text.utf8.count || self.text.utf8[word.endIndex] == UInt8(ascii: " ") else { return "" }
        return String(decoding: word, as: UTF8.self)
    }

    private static let longestPrefix = 32
}

extension RedisServerError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The first word only: the rest may quote arguments.
    public var description: String { self.prefix.isEmpty ? "error reply" : self.prefix }

    /// The same as `description`.
    public var debugDescription: String { self.description }
}
