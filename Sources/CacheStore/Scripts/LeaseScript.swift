internal import Redis

extension CacheScript {
    /// lease(token, lease time in ms[, bytes seen]): 1 when the lease is mine, 0 when refused.
    ///
    /// A missing key becomes the lease; so does one that still holds the bytes that the reader saw and found bad.
    static let leaseScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + """
            local token, time, seen = ARGV[1], ARGV[2], ARGV[3]
            if value and value ~= seen then return 0 end
            return store('R' .. token, 'PX', time) and 1 or 0
            """)
}
