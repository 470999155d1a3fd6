import CacheStore
import Redis
import SessionStore
import Simulation
import Testing

/// One cell of the state table: a script on a state, what it answers and what is there afterwards.
struct Cell {
    enum After {
        /// The very bytes of before.
        case same
        case gone
        /// The lease with my token, ending after so many milliseconds.
        case lease(Int64)
        /// The entry that was handed in, ending after so many milliseconds.
        case entry(Int64)
        /// An intent with these tokens, ending after so many milliseconds.
        case intent(highest: Int64, marked: Bool, [[UInt8]], Int64)
    }

    let name: String
    let script: CacheScript
    let arguments: [[UInt8]]
    let before: [UInt8]?
    let reply: RedisReply
    let after: After

    init(_ name: String, _ script: CacheScript, _ arguments: [[UInt8]], on before: [UInt8]?, _ reply: RedisReply, _ after: After) {
        self.name = name
        self.script = script
        self.arguments = arguments
        self.before = before
        self.reply = reply
        self.after = after
    }

    static let mine = [UInt8](0x00...0x0F)
    static let theirs = [UInt8](0xF0...0xFF)
    static let third = [UInt8](0x80...0x8F)
    static let live = bytes("L") + version(5) + bytes(" and what a live entry holds")
    static let tombstone = bytes("T") + version(5) + bytes(" and what a tombstone holds")
    static let absent = bytes("A") + version(0) + bytes(" and what an absent entry holds")
    static let lease = bytes("R") + theirs
    static let bad = bytes("not ours")
    static let entry = bytes("L") + version(7) + bytes(" the new entry")

    static func version(_ number: Int64) -> [UInt8] {
        WireFormat.digits(of: SessionVersion(number))
    }

    static func intent(_ writers: [([UInt8], Int64)], highest: Int64, marked: Bool = false) -> [UInt8] {
        let writers = writers.map { KeyState.Writer(token: $0.0, deadline: $0.1) }
        return KeyState.bytes(of: KeyState.Intent(highest: highest, isMarked: marked, writers: writers))
    }
}

extension Cell.After {
    func check(on redis: RedisUnderTest, key: [UInt8], before: [UInt8]?, name: String) async throws {
        let value = try await redis.get(key)
        let left = try await redis.timeLeft(key)
        let isAbout = { (expected: Int64) in (expected - 20_000...expected).contains(left) && left > 0 }
        switch self {
        case .same:
            #expect(value == before, "\(name): unchanged")
            #expect(before == nil || isAbout(3_600_000), "\(name): time left unchanged")
        case .gone:
            #expect(value == nil, "\(name): gone")
        case .lease(let time):
            #expect(value == bytes("R") + Cell.mine, "\(name): lease")
            #expect(isAbout(time), "\(name): lease time")
        case .entry(let time):
            #expect(value == Cell.entry, "\(name): entry")
            #expect(isAbout(time), "\(name): entry time")
        case .intent(let highest, let marked, let tokens, let time):
            guard case .intent(let intent) = KeyState(bytes: value).value else {
                Issue.record("\(name): no intent")
                return
            }
            #expect(intent.highest == highest, "\(name): highest")
            #expect(intent.isMarked == marked, "\(name): mark")
            #expect(Set(intent.writers.map(\.token)) == Set(tokens), "\(name): tokens")
            #expect(isAbout(time), "\(name): intent time")
        }
    }
}
