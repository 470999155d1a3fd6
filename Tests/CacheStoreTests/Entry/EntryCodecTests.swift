import CacheStore
import SessionStore
import TestSupport
import Testing

@Suite("entries on the wire")
struct EntryCodecTests {
    static let key = SessionKey.test("session-1")
    static let now = Timestamp(milliseconds: 1_700_000_000_123)

    static let everything: SessionData = [
        "wallet_address": "0xAbc", "empty": "", "n": .number("-1.2345678901234567890123456789012345678E+10"),
        "raw": .binary([0, 255, 10]),
        "yes": true, "no": false, "null": .null, "list": .list([1, "two", .list([.null]), .map(["deep": true])]),
        "map": .map(["é": "ü", "": "no name"]), "ss": .stringSet(["a", "b", ""]), "ns": .numberSet(["1", "2.5"]),
        "bs": .binarySet([[], [1, 2]]),
    ]

    static func session(_ data: SessionData = everything) throws -> Session {
        Session(
            key: key, data: data, owner: try UserID("user-1"), version: SessionVersion(1_700_000_000_001),
            expiration: Timestamp(seconds: 1_700_002_592), createdAt: Timestamp(seconds: 1_699_999_999), updatedAt: now)
    }

    @Test("a session with all ten types comes back as it was")
    func roundTrip() throws {
        let entry = CacheEntry(.live(try Self.session()), cachedAt: Self.now, epoch: 0xFEDC_BA98_7654_3210)
        let bytes = try #require(EntryEncoder.encode(entry, limit: 65_536))
        #expect(Decoded(bytes, key: Self.key) == .entry(entry))
        #expect(EntryEncoder.encode(entry, limit: 65_536) == bytes, "the same entry gives the same bytes")
    }

    @Test("a session of a program without versions, owner and instants comes back as it was")
    func bareSession() throws {
        let entry = CacheEntry(.live(Session(key: Self.key, data: [:])), cachedAt: Self.now, epoch: 0)
        let bytes = try #require(EntryEncoder.encode(entry, limit: 65_536))
        #expect(Decoded(bytes, key: Self.key) == .entry(entry))
        #expect(bytes[1...19].elementsEqual("0000000000000000000".utf8))
    }

    @Test(
        "absent entries and tombstones come back as they were",
        arguments: [CacheEntry.Content.absent(until: now), .tombstone(SessionVersion(.max), until: now)])
    func others(content: CacheEntry.Content) throws {
        let entry = CacheEntry(content, cachedAt: Self.now, epoch: 7)
        let bytes = try #require(EntryEncoder.encode(entry, limit: 65_536))
        #expect(bytes.count == 45)
        #expect(Decoded(bytes, key: Self.key) == .entry(entry))
    }

    @Test("the bytes are those that docs/WIRE-FORMAT.md shows")
    func vector() throws {
        let session = Session(
            key: Self.key, data: ["wallet_address": "0x1"], owner: try UserID("u"), version: SessionVersion(42),
            expiration: Timestamp(seconds: 2), createdAt: nil, updatedAt: Timestamp(milliseconds: 1))
        let encoded = EntryEncoder.encode(CacheEntry(.live(session), cachedAt: Timestamp(milliseconds: 256), epoch: 0), limit: 1000)
        let zeros = [UInt8](repeating: 0, count: 6)
        let parts: [[UInt8]] = [
            bytes("L0000000000000000042"), [0], zeros, [1, 0], zeros, [0, 0], zeros, [0x07, 0xD0],
            [1], bytes("u"), [0x80, 0], zeros, [0], zeros, [1],
            [1, 14], bytes("wallet_address"), [1, 3], bytes("0x1"),
        ]
        #expect(encoded == parts.flatMap(\.self))
    }

    @Test("what is too large, too deep or no number is not cached")
    func uncachable() throws {
        let encode = { (data: SessionData, limit: Int) in
            EntryEncoder.encode(CacheEntry(.live(Session(key: Self.key, data: data)), cachedAt: Self.now, epoch: 0), limit: limit)
        }
        #expect(encode(["a": .string(String(repeating: "x", count: 1000))], 1000) == nil)
        #expect(encode(["a": .string(String(repeating: "x", count: 100))], 1000) != nil)
        #expect(encode(["a": .number("one")], 1000) == nil)
        #expect(encode(["a": .numberSet(["1", "one"])], 1000) == nil)
        let nested = { (levels: Int) in (0..<levels).reduce(SessionValue.null) { value, _ in .list([value]) } }
        #expect(encode(["a": nested(39)], 1000) != nil)
        #expect(encode(["a": nested(40)], 1000) == nil)
        #expect(encode(["a": (0..<40).reduce(SessionValue.null) { value, _ in .map(["a": value]) }], 1000) == nil)
    }

    @Test("bytes cut short anywhere, or with one more, are bad")
    func truncation() throws {
        let entry = CacheEntry(.live(try Self.session()), cachedAt: Self.now, epoch: 0)
        let bytes = try #require(EntryEncoder.encode(entry, limit: 65_536))
        for count in 0..<bytes.count {
            #expect(Decoded(Array(bytes.prefix(count)), key: Self.key) == .bad, "\(count) bytes")
        }
        #expect(Decoded(bytes + [0], key: Self.key) == .bad)
    }

    @Test("hostile bytes are bad and nothing else")
    func hostile() throws {
        let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
        let header = bytes("L") + WireFormat.digits(of: SessionVersion(1)) + zeros(1 + 24 + 1 + 16)
        #expect(Decoded(header + [0], key: Self.key) != .bad, "the header itself is good")
        let payloads: [(String, [UInt8])] = [
            ("a length of four billion", [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), ("a length without end", [UInt8](repeating: 0xFF, count: 20)),
            ("a count beyond the end", [0x7F, 1, 97, 6]), ("an unknown kind", [1, 1, 97, 99]), ("a name twice", [2, 1, 97, 6, 1, 97, 6]),
            ("text that is not UTF-8", [1, 1, 97, 1, 1, 0xFF]), ("a number that is none", [1, 1, 97, 2, 1, 97]),
            ("an empty number", [1, 1, 97, 2, 0]), ("an element twice", [1, 1, 97, 9, 2, 1, 98, 1, 98]),
            ("lists nested without end", [1, 1, 97] + [UInt8](repeating: 7, count: 2000).flatMap { [$0, 1] }),
            ("maps nested without end", [1, 1, 97] + (0..<2000).flatMap { _ in [8, 1, 1, 97] as [UInt8] }),
        ]
        for (name, payload) in payloads {
            #expect(Decoded(header + payload, key: Self.key) == .bad, "\(name)")
        }
        var others = [header + [0], header + [0], header + [0], header + [0]]
        others[0][20] = 1  // a form that is not known
        others[1].replaceSubrange(1...19, with: Array("9999999999999999999".utf8))
        others[2][5] = UInt8(ascii: "x")
        others[3].replaceSubrange(45...45, with: [3] + bytes("a b"))
        for other in others { #expect(Decoded(other, key: Self.key) == .bad) }
        #expect(Decoded([UInt8](repeating: 0, count: 2 << 20), key: Self.key) == .bad, "larger than any entry")
    }

    @Test("random changes of good bytes never trap, and what is accepted means one thing", arguments: [1, 2] as [UInt64])
    func fuzz(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let good = try #require(EntryEncoder.encode(CacheEntry(.live(try Self.session()), cachedAt: Self.now, epoch: 0), limit: 65_536))
        for _ in 0..<20_000 {
            var mutant = good
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                mutant[Int.random(in: 0..<mutant.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { mutant.removeLast(Int.random(in: 0..<mutant.count, using: &generator)) }
            guard case .entry(let entry) = Decoded(mutant, key: Self.key) else { continue }
            // What is accepted can be written again, and means the same.
            let again = EntryEncoder.encode(entry, limit: 1 << 20)
            #expect(again.map { Decoded($0, key: Self.key) } == .entry(entry), "seed \(seed)")
        }
    }

    @Test("leases and intents are told from what only looks like them")
    func leasesAndIntents() throws {
        #expect(Decoded(nil, key: Self.key) == .none)
        #expect(Decoded([], key: Self.key) == .bad)
        #expect(Decoded(bytes("R") + Cell.mine, key: Self.key) == .lease(try #require(Token(Cell.mine))))
        #expect(Decoded(bytes("R") + Cell.mine + [0], key: Self.key) == .bad)
        let intent = Cell.intent([(Cell.mine, 1), (Cell.theirs, 2)], highest: 3, marked: true)
        #expect(Decoded(intent, key: Self.key) == .intent)
        #expect(Decoded(Array(intent.dropLast()), key: Self.key) == .bad)
        #expect(Decoded(Array(intent.prefix(21)), key: Self.key) == .bad)
        for place in [1, 20, 40] {
            var broken = intent
            broken[place] = UInt8(ascii: "x")
            #expect(Decoded(broken, key: Self.key) == .bad)
        }
    }

    @Test("tokens are 16 bytes, most significant first")
    func tokens() throws {
        let token = Token(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F)
        #expect(token.bytes == Cell.mine)
        #expect(Token(Cell.mine) == token)
        #expect(Token(Cell.mine.dropLast()) == nil)
        #expect(Token.system() != Token.system())
    }
}
