import TestSupport
import Testing

@testable import Sealing

@Suite("sealing", .timeLimit(.minutes(1)))
struct SealerTests {
    private static let place = Array("eu-central-1".utf8)
    private static let message = Array("header and payload".utf8)
    private static let clear = 6

    private static func sealer(_ keys: String, place: [UInt8] = Self.place) throws -> Sealer {
        try Sealer(KeyRing(keys), place: place)
    }

    private static func line(_ id: String) throws -> String { try SealKey.freshLine(id: id) }

    private func failure(_ body: () throws -> Void) -> SealingError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SealingError)?.code
        }
    }

    @Test("what was sealed opens as it was, whatever its length", arguments: [0, 1, 15, 16, 17, 1000, 100_000])
    func roundTrip(length: Int) throws {
        let sealer = try Self.sealer(Self.line("k1"))
        let message = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = try sealer.seal(message, clear: min(length, 5), for: "s-1")
        #expect(sealed.count == length + 1 + 2 + 24 + 16)
        #expect(sealed.count <= length + Sealer.maximumOverhead)
        #expect(sealed.prefix(min(length, 5)) == message.prefix(5))
        #expect(try sealer.open(sealed, clear: min(length, 5), for: "s-1") == message)
    }

    @Test("the text cannot be seen, and is never sealed twice in the same way")
    func hidden() throws {
        let sealer = try Self.sealer(Self.line("k1"))
        let sealed = try (0..<400).map { _ in try sealer.seal(Self.message, clear: Self.clear, for: "s-1") }
        #expect(Set(sealed).count == 400, "more than a page of nonces")
        #expect(Set(sealed.map { $0[9..<33] }).count == 400)
        for sealed in sealed { #expect(!sealed.suffix(sealed.count - Self.clear).contains(sequence: Array("payload".utf8))) }
    }

    @Test("a flipped bit anywhere, a byte less or more, does not open")
    func changed() throws {
        let sealer = try Self.sealer(Self.line("k1"))
        let sealed = try sealer.seal(Self.message, clear: Self.clear, for: "s-1")
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << UInt8(bit)
                #expect(self.failure { _ = try sealer.open(changed, clear: Self.clear, for: "s-1") } != nil, "byte \(index)")
            }
            let cut = Array(sealed.prefix(index))
            #expect(self.failure { _ = try sealer.open(cut, clear: Self.clear, for: "s-1") } != nil, "\(index) bytes")
        }
        #expect(self.failure { _ = try sealer.open(sealed + [0], clear: Self.clear, for: "s-1") } == .notAuthentic)
        #expect(try sealer.open(sealed, clear: Self.clear, for: "s-1") == Self.message, "a failure leaves nothing behind")
    }

    @Test("a seal over nothing at all is checked as well, and so is one for a long name")
    func nothing() throws {
        let sealer = try Self.sealer(Self.line("k1"))
        let sealed = try sealer.seal([], clear: 0, for: "s-1")
        #expect(try sealer.open(sealed, clear: 0, for: "s-1") == [])
        #expect(self.failure { _ = try sealer.open(sealed, clear: 0, for: "s-2") } == .notAuthentic)
        #expect(self.failure { _ = try sealer.open(Array(sealed.dropLast()) + [sealed.last! ^ 1], clear: 0, for: "s-1") } == .notAuthentic)
        let names = (0..<2).map { String(repeating: "n", count: 2000) + "\($0)" }
        let long = try sealer.seal(Self.message, clear: Self.clear, for: names[0])
        #expect(try sealer.open(long, clear: Self.clear, for: names[0]) == Self.message)
        #expect(self.failure { _ = try sealer.open(long, clear: Self.clear, for: names[1]) } == .notAuthentic)
    }

    @Test("it opens for its name, its place and its key only")
    func elsewhere() throws {
        let (one, two) = (try Self.line("k1"), try Self.line("k2"))
        let sealer = try Self.sealer(one)
        let sealed = try sealer.seal(Self.message, clear: Self.clear, for: "s-1")
        #expect(self.failure { _ = try sealer.open(sealed, clear: Self.clear, for: "s-2") } == .notAuthentic)
        #expect(self.failure { _ = try sealer.open(sealed, clear: Self.clear - 1, for: "s-1") } != nil)
        let moved = try Self.sealer(one, place: Array("us-east-1".utf8))
        #expect(self.failure { _ = try moved.open(sealed, clear: Self.clear, for: "s-1") } == .notAuthentic)
        #expect(self.failure { _ = try Self.sealer(two).open(sealed, clear: Self.clear, for: "s-1") } == .unknownKey)
        let impostor = "k1:" + two.dropFirst(3)
        #expect(self.failure { _ = try Self.sealer(impostor).open(sealed, clear: Self.clear, for: "s-1") } == .notAuthentic)
    }

    @Test("the first key seals, all open")
    func rotation() throws {
        let (old, new) = (try Self.line("old"), try Self.line("new"))
        let before = try Self.sealer(old), between = try Self.sealer("\(old),\(new)")
        let after = try Self.sealer("\(new),\(old)"), end = try Self.sealer(new)
        let first = try before.seal(Self.message, clear: 0, for: "s-1")
        let second = try between.seal(Self.message, clear: 0, for: "s-1")
        let third = try after.seal(Self.message, clear: 0, for: "s-1")
        for sealed in [first, second, third] {
            #expect(try between.open(sealed, clear: 0, for: "s-1") == Self.message)
            #expect(try after.open(sealed, clear: 0, for: "s-1") == Self.message)
        }
        #expect(try before.open(second, clear: 0, for: "s-1") == Self.message)
        #expect(try end.open(third, clear: 0, for: "s-1") == Self.message)
        #expect(self.failure { _ = try end.open(second, clear: 0, for: "s-1") } == .unknownKey)
    }

    @Test("many threads seal and open at once")
    func threads() async throws {
        let sealer = try Self.sealer(Self.line("k1"))
        let nonces = try await withThrowingTaskGroup(of: [ArraySlice<UInt8>].self) { group in
            for task in 0..<16 {
                group.addTask {
                    try (0..<200).map { number in
                        let name = "s-\(task)-\(number)"
                        let sealed = try sealer.seal(Array(name.utf8), clear: 0, for: name)
                        #expect(try sealer.open(sealed, clear: 0, for: name) == Array(name.utf8))
                        return sealed[3..<27]
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(nonces).count == 16 * 200)
    }

    @Test("random bytes never open, and never trap", arguments: [1, 2] as [UInt64])
    func hostile(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sealer = try Self.sealer("\(Self.line("a")),\(Self.line("b"))")
        let good = try sealer.seal(Self.message, clear: Self.clear, for: "s-1")
        for _ in 0..<20_000 {
            var bytes: [UInt8]
            if Bool.random(using: &generator) {
                bytes = good
                for _ in 0...Int.random(in: 0..<4, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            } else {
                bytes = (0..<Int.random(in: 0..<100, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
            }
            if bytes == good { continue }
            #expect(self.failure { _ = try sealer.open(bytes, clear: Self.clear, for: "s-1") } != nil, "seed \(seed)")
        }
    }
}

extension Collection<UInt8> {
    /// Whether these bytes occur in it.
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        let bytes = Array(self)
        guard bytes.count >= sequence.count else { return false }
        return (0...bytes.count - sequence.count).contains { bytes[$0..<$0 + sequence.count].elementsEqual(sequence) }
    }
}
