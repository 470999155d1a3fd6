internal import Redis

extension CacheScript {
    /// withdraw(token): 1 when an intent was there, with or without this token, 0 otherwise.
    ///
    /// The last writer's withdrawal removes the key.
    static let withdrawScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + CacheScript.handlingIntents + """
            local intent = value and parse(value)
            if not intent then return 0 end
            remove(intent, ARGV[1])
            keep(intent)
            return 1
            """)
}
