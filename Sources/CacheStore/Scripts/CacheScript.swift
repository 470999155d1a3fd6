package import Redis

/// The operations that need more than a GET: each is one script on one key, so Redis runs it at once or not at all.
///
/// Redis 6.2 or newer. A script that cannot SET because Redis is out of memory removes the key instead: no entry is always right, an old one is not.
package enum CacheScript: Hashable, Sendable, CaseIterable {
    /// A reader that found nothing asks for the right to fill.
    case lease
    /// The reader with the lease stores what the table said.
    case fill
    /// A writer announces itself.
    case intent
    /// A writer tells what it wrote.
    case publish
    /// A writer that wrote nothing, for certain, takes its announcement back.
    case withdraw
    /// A reader that checked an old entry against the table replaces it.
    case refresh
    /// A publish that came late tells its version.
    case replay

    /// The script, with its digest computed once.
    package var script: RedisScript {
        switch self {
        case .lease: Self.leaseScript
        case .fill: Self.fillScript
        case .intent: Self.intentScript
        case .publish: Self.publishScript
        case .withdraw: Self.withdrawScript
        case .refresh: Self.refreshScript
        case .replay: Self.replayScript
        }
    }

    /// Reads the key. A value of another Redis type counts as bad; `?` stands for it, here and in the client (`WireFormat.foreign`).
    static let readingTheKey = """
        local key = KEYS[1]
        local value = redis.pcall('GET', key)
        if type(value) == 'table' then
          if not string.find(value.err, 'WRONGTYPE', 1, true) then return value end
          value = '?'
        end

        """

    /// `store(bytes, unit, time)`: SET with the end that PX or PXAT and a number give; without bytes, or when Redis has no memory left for them,
    /// the key is removed. True when stored.
    static let storing = """
        local function store(bytes, unit, time)
          if bytes ~= '' then
            local reply = redis.pcall('SET', key, bytes, unit, time)
            if not reply.err then return true end
          end
          redis.call('DEL', key)
          return false
        end

        """
}
