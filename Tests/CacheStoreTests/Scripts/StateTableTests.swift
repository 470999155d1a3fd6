import CacheStore
import Redis
import SessionStore
import TestSupport
import Testing

/// The state table of DESIGN section 3 on a real server: one case per cell, and the branches of publish.
@Suite("the state table", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct StateTableTests {
    @Test("every cell does what the table says")
    func cells() async throws {
        try await RedisUnderTest.run { redis in
            let now = try await redis.now()
            for cell in Cell.all(now: now) {
                let key = bytes("bs1:t:\(cell.name)")
                try await redis.put(key, cell.before)
                let reply = try await redis.commands.run(cell.script, key: key, arguments: cell.arguments).reply
                #expect(reply == cell.reply, "\(cell.name): reply")
                try await cell.after.check(on: redis, key: key, before: cell.before, name: cell.name)
            }
        }
    }

    @Test("a key that holds another type of value counts as bad, and is replaced or removed")
    func foreignType() async throws {
        try await RedisUnderTest.run { redis in
            let expectations: [(CacheScript, [[UInt8]], Cell.After)] = [
                (.lease, [Cell.mine, bytes("3000"), bytes("?")], .lease(3000)),
                (.intent, [Cell.mine, bytes("15000")], .intent(highest: 0, marked: false, [Cell.mine], 15_000)),
                (.publish, [Cell.mine, Cell.version(7), Cell.entry, bytes("PX"), bytes("1000")], .gone),
                (.replay, [Cell.version(7)], .gone),
            ]
            for (script, arguments, after) in expectations {
                try await redis.send("RPUSH", "list", "a")
                _ = try await redis.commands.run(script, key: bytes("list"), arguments: arguments)
                try await after.check(on: redis, key: bytes("list"), before: nil, name: "\(script) on a list")
                try await redis.send("DEL", "list")
            }
            try await redis.send("RPUSH", "list", "a")
            for (script, arguments) in [(CacheScript.fill, [Cell.mine, Cell.entry, bytes("PX"), bytes("1000")]), (.withdraw, [Cell.mine])] {
                #expect(try await redis.commands.run(script, key: bytes("list"), arguments: arguments).reply == .integer(0))
            }
            #expect(try await redis.send("LLEN", "list") == .integer(1))
        }
    }

    @Test("a server without memory loses the key, never keeps an old entry")
    func outOfMemory() async throws {
        try await RedisUnderTest.run { redis in
            let now = try await redis.now()
            let intent = Cell.intent([(Cell.mine, now + 60_000)], highest: 0)
            let cases: [(CacheScript, [[UInt8]], [UInt8])] = [
                (.intent, [Cell.mine, bytes("15000")], Cell.live),
                (.publish, [Cell.mine, Cell.version(7), Cell.entry, bytes("PX"), bytes("60000")], intent),
                (.publish, [Cell.theirs, Cell.version(7), Cell.entry, bytes("PX"), bytes("60000")], intent),
                (.refresh, [Cell.live, Cell.entry, bytes("PX"), bytes("60000")], Cell.live),
                (.fill, [Cell.mine, Cell.entry, bytes("PX"), bytes("60000")], bytes("R") + Cell.mine),
                (.replay, [Cell.version(7)], intent),
            ]
            for (script, arguments, before) in cases {
                try await redis.send("CONFIG", "SET", "maxmemory", "0")
                try await redis.put(bytes("key"), before)
                try await redis.send("CONFIG", "SET", "maxmemory", "1")
                _ = try await redis.commands.run(script, key: bytes("key"), arguments: arguments)
                #expect(try await redis.get(bytes("key")) == nil, "\(script)")
            }
            #expect(try await redis.commands.run(.lease, key: bytes("key"), arguments: [Cell.mine, bytes("3000")]).reply == .integer(0))
        }
    }

    @Test("a live entry ends at the millisecond that PXAT names")
    func absoluteEnd() async throws {
        try await RedisUnderTest.run { redis in
            let end = (try await redis.now() / 1000 + 1000) * 1000
            try await redis.put(bytes("key"), bytes("R") + Cell.mine)
            let arguments = [Cell.mine, Cell.entry, bytes("PXAT"), bytes("\(end)")]
            #expect(try await redis.commands.run(.fill, key: bytes("key"), arguments: arguments).reply == .integer(1))
            #expect(try await redis.end(bytes("key")) == end)
        }
    }
}
