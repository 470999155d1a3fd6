import CacheStore
import SessionStore
import TestSupport
import Testing

@Suite("sealed entries on the wire")
struct EntrySealerTests {
    private static let key = EntryCodecTests.key
    private static let now = EntryCodecTests.now

    private static let contents: [CacheEntry.Content] = [
        .live(Session(key: key, data: ["wallet_address": "0xAbc"], version: SessionVersion(7), expiration: now + .seconds(60))),
        .live(Session(key: key, data: [:])), .absent(until: now + .seconds(5)), .tombstone(SessionVersion(8), until: now + .seconds(3600)),
    ]

    private static func entry(_ content: CacheEntry.Content) throws -> [UInt8] {
        try #require(EntryEncoder.encode(CacheEntry(content, cachedAt: self.now, epoch: 3), limit: 65_536))
    }

    @Test("each kind of entry comes back as it was, with a readable header", arguments: contents)
    func roundTrip(content: CacheEntry.Content) throws {
        let sealer = try EntrySealer.test()
        let entry = try Self.entry(content)
        let sealed = try #require(sealer.seal(entry, for: Self.key))
        #expect(sealed.count == entry.count + 1 + 2 + 24 + 16)
        #expect(sealed.prefix(20) == entry.prefix(20))
        #expect(sealed[20] == 1)
        #expect(sealed[21..<45] == entry[21..<45])
        #expect(sealer.open(sealed, for: Self.key) == .entry(entry))
        #expect(Decoded(sealed, key: Self.key) == .bad, "without keys it is nothing")
    }

    @Test("what Redis holds shows neither owner nor fields")
    func hidden() throws {
        let entry = try Self.entry(.live(EntryCodecTests.session()))
        let sealed = try #require(EntrySealer.test().seal(entry, for: Self.key))
        let text = String(decoding: sealed, as: UTF8.self)
        for secret in ["0xAbc", "wallet", "user-1"] {
            #expect(String(decoding: entry, as: UTF8.self).contains(secret))
            #expect(!text.contains(secret))
        }
    }

    @Test("a flipped bit anywhere, a byte less or more, does not open", arguments: contents)
    func changed(content: CacheEntry.Content) throws {
        let sealer = try EntrySealer.test(.test([("k1", 1), ("k2", 2)]))
        let sealed = try #require(sealer.seal(Self.entry(content), for: Self.key))
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << UInt8(bit)
                switch sealer.open(changed, for: Self.key) {
                case .refused: break
                case .other: #expect(index == 0, "only another state is no entry")
                case .entry: Issue.record("byte \(index) bit \(bit)")
                }
            }
            #expect(sealer.open(Array(sealed.prefix(index)), for: Self.key) == (index == 0 ? .other : .refused(Self.reason(sealed, index))))
        }
        #expect(sealer.open(sealed + [0], for: Self.key) == .refused(.notAuthentic))
    }

    /// Cut within header, key id, nonce or tag it cannot be an entry; later it is not authentic.
    private static func reason(_ sealed: [UInt8], _ count: Int) -> EntrySealer.Refusal {
        count < 45 + 1 + 2 + 24 + 16 ? .malformed : .notAuthentic
    }

    @Test("an entry opens for its own session, table, region and key only")
    func elsewhere() throws {
        let sealed = try #require(EntrySealer.test().seal(Self.entry(Self.contents[0]), for: Self.key))
        let refused = EntrySealer.Finding.refused(.notAuthentic)
        #expect(try EntrySealer.test().open(sealed, for: .test("session-2")) == refused)
        #expect(try EntrySealer.test().open(sealed, for: .user(UserID("session-1"))) == refused)
        #expect(try EntrySealer.test(table: "other").open(sealed, for: Self.key) == refused)
        #expect(try EntrySealer.test(region: "us-east-1").open(sealed, for: Self.key) == refused)
        #expect(try EntrySealer.test(region: "").open(sealed, for: Self.key) == refused)
        #expect(try EntrySealer.test(.test("k1", filledWith: 2)).open(sealed, for: Self.key) == refused)
        #expect(try EntrySealer.test(.test("k2")).open(sealed, for: Self.key) == .refused(.unknownKey))
        // The parts of the place have their limits: nothing can be pushed from one into the next.
        let moved = try #require(EntrySealer.test(region: "a", table: "b").seal(Self.entry(Self.contents[0]), for: Self.key))
        #expect(try EntrySealer.test(region: "", table: "b").open(moved, for: Self.key) == refused)
        #expect(try EntrySealer.test(region: "ab", table: "b").open(moved, for: Self.key) == refused)
    }

    @Test("a key's name cannot be changed for another one of the ring")
    func renamed() throws {
        let sealer = try EntrySealer.test(.test([("k1", 1), ("k2", 2), ("k3", 1 + 2)]))
        var sealed = try #require(sealer.seal(Self.entry(Self.contents[0]), for: Self.key))
        #expect(Array(sealed[45..<48]) == [2] + bytes("k1"))
        sealed[47] = UInt8(ascii: "2")
        #expect(sealer.open(sealed, for: Self.key) == .refused(.notAuthentic))
        sealed[47] = UInt8(ascii: "9")
        #expect(sealer.open(sealed, for: Self.key) == .refused(.unknownKey))
    }

    @Test("with keys an open entry is refused; leases and intents are passed on")
    func unsealed() throws {
        let sealer = try EntrySealer.test()
        for content in Self.contents {
            #expect(sealer.open(try Self.entry(content), for: Self.key) == .refused(.unsealed))
        }
        for other in [[], bytes("?"), bytes("R") + Cell.mine, Cell.intent([(Cell.mine, 1)], highest: 3, marked: false)] {
            #expect(sealer.open(other, for: Self.key) == .other)
        }
        #expect(sealer.open(bytes("L"), for: Self.key) == .refused(.malformed))
        #expect(sealer.open(bytes("L") + [UInt8](repeating: 9, count: 100), for: Self.key) == .refused(.malformed))
        #expect(sealer.open(bytes("L") + [UInt8](repeating: 1, count: 2 << 20), for: Self.key) == .refused(.malformed))
    }

    @Test("nothing that was changed at random opens, and nothing traps", arguments: [1, 2, 3] as [UInt64])
    func fuzz(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sealer = try EntrySealer.test(.test([("k1", 1), ("k2", 2)]))
        let good = try Self.contents.map { try #require(sealer.seal(try Self.entry($0), for: Self.key)) }
        for _ in 0..<20_000 {
            guard var mutant = good.randomElement(using: &generator) else { return }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                for _ in 0...Int.random(in: 0..<4, using: &generator) {
                    mutant[Int.random(in: 0..<mutant.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
            case 1: mutant.removeLast(Int.random(in: 0...mutant.count, using: &generator))
            case 2:
                let other = good.randomElement(using: &generator) ?? []
                let place = Int.random(in: 0...min(mutant.count, other.count), using: &generator)
                mutant.replaceSubrange(place..., with: other[place...])
            default:
                mutant.append(
                    contentsOf: (0..<Int.random(in: 1..<40, using: &generator)).map { _ in .random(in: 0...255, using: &generator) })
            }
            if good.contains(mutant) { continue }
            if case .entry = sealer.open(mutant, for: Self.key) { Issue.record("seed \(seed)") }
        }
    }

    @Test("nothing prints the keys, and their problems quote nothing")
    func printing() throws {
        var configuration = CacheConfiguration(table: "sessions")
        configuration.seal = .test()
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [
            "\(configuration)", String(reflecting: configuration), dumped, "\(SealKeys.test())", String(reflecting: SealKeys.test()),
        ] {
            #expect(text.contains("seal keys") && !text.contains("AQEB") && !text.contains("1, 1, 1"))
        }
        let error = #expect(throws: SessionStoreError.self) { try SealKeys("s3cret") }
        #expect(error?.code == .misconfigured)
        #expect(error.map { "\($0)".contains("s3cret") } == false)
    }

    @Test("equal keys make equal configurations")
    func equality() {
        #expect(SealKeys.test() == .test() && SealKeys.test().hashValue == SealKeys.test().hashValue)
        #expect(SealKeys.test() != .test(filledWith: 2))
        #expect(SealKeys.test() != .test("k2"))
        var configuration = CacheConfiguration(table: "sessions")
        configuration.region = String(repeating: "x", count: 256)
        #expect(configuration.problems.count == 1)
    }
}
