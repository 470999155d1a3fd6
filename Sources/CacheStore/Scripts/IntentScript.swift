internal import Redis

extension CacheScript {
    /// intent(token, intent time in ms): an array of 1 (announced) or 0 (Redis had no memory for it; the key is removed), and the entry that was
    /// replaced or null.
    ///
    /// Whatever the key held becomes an intent; an intent is joined. A writer that comes again with its token gets a new deadline.
    static let intentScript = RedisScript(
        CacheScript.readingTheKey + CacheScript.storing + CacheScript.handlingIntents + """
            local token, time = ARGV[1], tonumber(ARGV[2])
            local intent = value and parse(value)
            local replaced = false
            if not intent then
              intent = {highest = string.rep('0', 19), marked = false, tokens = {}, deadlines = {}}
              if value and string.find(value, '^[LTA]') and version(value) then replaced = value end
            end
            remove(intent, token)
            table.insert(intent.tokens, token)
            table.insert(intent.deadlines, string.format('%015.0f', now + time))
            return {keep(intent) and 1 or 0, replaced}
            """)
}
