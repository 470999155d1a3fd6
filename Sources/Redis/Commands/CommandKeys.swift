/// Where the first key of a command is, and whether the command only reads: for commands that are given as words.
///
/// In a cluster the first key decides, for all keys of one command have to be in one slot anyway. The rules are those of the commands' key
/// specifications (https://redis.io/docs/latest/develop/reference/key-specs/).
enum CommandKeys {
    /// Commands without a key, or whose first argument is none.
    private static let keyless: Set<String> = [
        "ACL", "BGREWRITEAOF", "BGSAVE", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DBSIZE", "ECHO", "FAILOVER", "FLUSHALL", "FLUSHDB",
        "FUNCTION", "INFO", "KEYS", "LASTSAVE", "LATENCY", "LOLWUT", "MODULE", "PING", "PUBLISH", "PUBSUB", "RANDOMKEY", "REPLICAOF",
        "ROLE",
        "SAVE", "SCAN", "SCRIPT", "SHUTDOWN", "SLAVEOF", "SLOWLOG", "SWAPDB", "TIME", "WAIT", "WAITAOF",
    ]
    /// The key comes after a subcommand, an operator or a destination of another kind.
    private static let second: Set<String> = ["BITOP", "DEBUG", "MEMORY", "OBJECT", "XGROUP", "XINFO"]
    /// The key comes after the script, or function, and the number of keys.
    private static let scripts: Set<String> = ["EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO"]
    /// The key comes after the number of keys.
    private static let counted: Set<String> = ["LMPOP", "SINTERCARD", "ZDIFF", "ZINTER", "ZINTERCARD", "ZMPOP", "ZUNION"]
    /// The keys come after the word STREAMS.
    private static let streams: Set<String> = ["XREAD", "XREADGROUP"]

    private static let reads: Set<String> = [
        "BITCOUNT", "BITPOS", "DBSIZE", "DUMP", "ECHO", "EXISTS", "EXPIRETIME", "GET", "GETBIT", "GETRANGE", "HEXISTS", "HGET", "HGETALL",
        "HKEYS", "HLEN", "HMGET", "HSCAN", "HSTRLEN", "HVALS", "INFO", "KEYS", "LINDEX", "LLEN", "LRANGE", "MGET", "PEXPIRETIME", "PING",
        "PTTL", "RANDOMKEY", "ROLE", "SCAN", "SCARD", "SISMEMBER", "SMEMBERS", "SMISMEMBER", "SSCAN", "STRLEN", "TIME", "TTL", "TYPE",
        "XLEN", "XRANGE", "ZCARD", "ZCOUNT", "ZRANGE", "ZRANK", "ZSCAN", "ZSCORE", "EVAL_RO", "EVALSHA_RO", "FCALL_RO",
    ]

    static func routingKey(of arguments: [[UInt8]]) -> [UInt8]? {
        let name = self.word(arguments.first)
        if self.keyless.contains(name) { return nil }
        if self.second.contains(name) { return self.argument(2, of: arguments) }
        if self.scripts.contains(name) {
            guard let count = self.argument(2, of: arguments), count != [UInt8(ascii: "0")] else { return nil }
            return self.argument(3, of: arguments)
        }
        if self.counted.contains(name) { return self.argument(2, of: arguments) }
        if self.streams.contains(name) {
            guard let word = arguments.firstIndex(where: { self.word($0) == "STREAMS" }) else { return nil }
            return self.argument(word + 1, of: arguments)
        }
        return self.argument(1, of: arguments)
    }

    static func isRead(_ arguments: [[UInt8]]) -> Bool {
        self.reads.contains(self.word(arguments.first))
    }

    private static func argument(_ index: Int, of arguments: [[UInt8]]) -> [UInt8]? {
        index < arguments.count ? arguments[index] : nil
    }

    private static func word(_ argument: [UInt8]?) -> String {
        guard let argument, argument.count < 16 else { return "" }
        return String(decoding: argument, as: UTF8.self).uppercased()
    }
}
