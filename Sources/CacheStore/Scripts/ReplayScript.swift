internal import Redis

extension CacheScript {
    /// replay(version): `none`, `newer` (an entry of that version or a later one stays), `left` (an intent, which now knows the version) or `removed`.
    ///
    /// Sent for a write that was acknowledged before the cache could be told.
    /// The DEL of a key that is not there changes nothing; but a replica, whose missing key proves nothing, answers it with READONLY.
    static let replayScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + CacheScript.handlingIntents + """
            local mine = ARGV[1]
            if not value then
              redis.call('DEL', key)
              return 'none'
            end
            local intent = parse(value)
            if intent then
              if older(intent.highest, mine) then intent.highest = mine end
              return keep(intent) and 'left' or 'removed'
            end
            local theirs = string.find(value, '^[LT]') and version(value)
            if theirs and not older(theirs, mine) then return 'newer' end
            store('', 'PX', 0)
            return 'removed'
            """)
}
