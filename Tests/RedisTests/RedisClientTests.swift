import EventLoop
import Logging
import Redis
import TestSupport
import Testing

@Suite(.enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct RedisClientTests {
    @Test("a value that was set is got, until it is deleted")
    func values() async throws {
        try await withRedis { (client) async throws in
            let key: [UInt8] = [0, 10, 13, 255]
            #expect(try await client.get(key) == nil)
            #expect(try await client.set(key, to: [0, 13, 10, 255]))
            #expect(try await client.get(key) == [0, 13, 10, 255])
            #expect(try await client.delete(key))
            #expect(try await client.get(key) == nil)
            #expect(try await client.delete(key) == false)
        }
    }

    @Test("SET keeps to its condition and its expiry")
    func setOptions() async throws {
        try await withRedis { (client) async throws in
            let (key, other) = (Array("k".utf8), Array("other".utf8))
            #expect(try await client.set(key, to: [1], condition: .ifPresent) == false)
            #expect(try await client.set(key, to: [1], condition: .ifAbsent, expiry: .milliseconds(600_000)))
            #expect(try await client.set(key, to: [2], condition: .ifAbsent) == false)
            #expect(try await client.get(key) == [1])
            let end = try await client.send([Array("PEXPIRETIME".utf8), key])
            let left = try await client.send([Array("TTL".utf8), key])
            #expect((1...600).contains { left == .integer($0) })
            #expect(try await client.set(key, to: [3], condition: .ifPresent, expiry: .keep))
            #expect(try await client.send([Array("PEXPIRETIME".utf8), key]) == end)
            #expect(try await client.set(other, to: [], expiry: .atUnixMilliseconds(4_102_444_800_123)))
            #expect(try await client.send([Array("PEXPIRETIME".utf8), other]) == .integer(4_102_444_800_123))
            #expect(try await client.get(other) == [])
            #expect(try await client.delete([key, other, key]) == 2)
        }
    }

    @Test("a script runs by its digest, and by its source on a server that does not know it")
    func scripts() async throws {
        try await withRedis { (client) async throws in
            let script = RedisScript("return {KEYS[1], ARGV[1], 7, false, {redis.status_reply('FINE'), redis.error_reply('ODD one')}}")
            let expected = RedisReply.array([
                .bytes([1]), .bytes([2]), .integer(7), .null, .array([.status("FINE"), .error(RedisServerError(text: "ODD one"))]),
            ])
            for _ in 0..<2 {
                #expect(try await client.eval(script, keys: [[1]], arguments: [[2]]) == expected)
            }
            let info = try await client.info("commandstats")
            #expect(info["cmdstat_eval"]?.hasPrefix("calls=1,") == true)
            #expect(info["cmdstat_evalsha"]?.hasPrefix("calls=2,") == true)
        }
    }

    @Test("the digest of a script is its SHA-1")
    func digest() {
        #expect(RedisScript("return 1").sha1 == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }

    @Test("a thousand tasks share the connection, on the loop and off it, and each gets its own reply")
    func pairing() async throws {
        try await withRedis { (client) async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<1000 {
                    let value = Array("\(number)".utf8)
                    group.addTask(executorPreference: number % 2 == 0 ? client.loop : nil) {
                        for _ in 0..<5 {
                            try await client.set(value, to: value)
                            let got = try await client.get(value)
                            #expect(got == value)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.info("clients")["connected_clients"] == "1")
        }
    }

    @Test("a value of ten megabytes goes there and back")
    func largeValue() async throws {
        try await withRedis { (client) async throws in
            let value = sample(10_000_000)
            try await client.set([1], to: value)
            #expect(isSame(try await client.get([1]), value))
        }
    }

    @Test("PING and INFO answer, and the state is ready then")
    func pingAndInfo() async throws {
        try await withRedis { (client) async throws in
            #expect(client.connectionState == .disconnected)
            try await client.connect()
            #expect(client.connectionState == .ready)
            #expect(try await client.ping() >= .zero)
            #expect(try await client.info("server")["redis_mode"] == "standalone")
            #expect(try await client.info()["role"] == "master")
            await client.close()
            #expect(client.connectionState == .closed)
        }
    }
}
