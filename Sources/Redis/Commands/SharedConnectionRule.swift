/// Which commands must not go over a connection that many callers share.
enum SharedConnectionRule {
    /// Commands that change the connection for everybody, break the pairing of commands and replies, or keep everybody waiting.
    private static let refused: Set<String> = [
        "AUTH", "HELLO", "RESET", "QUIT", "SELECT", "READONLY", "READWRITE", "ASKING",
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SYNC", "PSYNC",
        "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH",
        "BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP",
    ]

    /// The subcommands of CLIENT that do the same.
    private static let refusedOfClient: Set<String> = ["REPLY", "TRACKING", "CACHING"]

    static func check(_ arguments: [[UInt8]]) throws(RedisError) {
        guard let name = arguments.first, !name.isEmpty else {
            throw RedisError(.invalidCommand, "Give the Redis command a name.")
        }
        let subcommand = arguments.count > 1 && arguments[1].count < 16 ? Self.upperCase(arguments[1]) : ""
        let word = name.count < 16 ? Self.upperCase(name) : ""
        guard !Self.refused.contains(word), !(word == "CLIENT" && Self.refusedOfClient.contains(subcommand)) else {
            throw RedisError(
                .invalidCommand,
                "This Redis command changes or blocks the connection that all callers share; use a connection of your own, or a script."
            )
        }
    }

    private static func upperCase(_ word: [UInt8]) -> String {
        String(decoding: word, as: UTF8.self).uppercased()
    }
}
