internal import Redis

extension CacheScript {
    /// publish(token, version, entry, PX or PXAT, time): `stored`, `left` (an intent remains, for the writers that are still at work), `removed`
    /// (the key is gone) or `none` (there was none).
    ///
    /// The entry is stored by the last writer of an intent only, if no other published a higher version meanwhile and none was pruned. An empty
    /// entry (not to be cached) removes the key where another would be stored.
    /// The DEL of a key that is not there changes nothing; but a replica, whose missing key proves nothing, answers it with READONLY.
    static let publishScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + CacheScript.handlingIntents + """
            local token, mine, entry, unit, time = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
            if not value then
              redis.call('DEL', key)
              return 'none'
            end
            local intent = parse(value)
            if not intent then
              store('', 'PX', 0)
              return 'removed'
            end
            local held = remove(intent, token)
            if older(intent.highest, mine) then intent.highest = mine end
            if not held or #intent.tokens > 0 or intent.marked or intent.highest ~= mine then
              return keep(intent) and 'left' or 'removed'
            end
            return store(entry, unit, time) and 'stored' or 'removed'
            """)
}
