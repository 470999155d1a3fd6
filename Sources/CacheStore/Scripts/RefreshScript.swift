internal import Redis

extension CacheScript {
    /// refresh(bytes seen, entry, PX or PXAT, time): 1 when the key now says what the table said, 0 when refused.
    ///
    /// Replaces an entry that still has the bytes seen, whatever version the new one has; an empty entry (not to be cached) removes it.
    static let refreshScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + """
            local seen, entry, unit, time = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            if value ~= seen or not string.find(value, '^[LTA]') then return 0 end
            store(entry, unit, time)
            return 1
            """)
}
