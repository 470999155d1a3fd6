internal import Redis

extension CacheScript {
    /// fill(token, entry, PX or PXAT, time): 1 when stored, 0 when refused.
    ///
    /// Stored only over the lease with this token: any write since then has replaced or removed the lease.
    static let fillScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + """
            local token, entry, unit, time = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            if value ~= 'R' .. token then return 0 end
            return store(entry, unit, time) and 1 or 0
            """)
}
