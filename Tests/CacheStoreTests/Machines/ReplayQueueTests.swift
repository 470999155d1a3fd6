import SessionStore
import TestSupport
import Testing

@testable import CacheStore

@Suite("writes that wait to be told to the cache")
struct ReplayQueueTests {
    private var queue = ReplayQueue(lifetime: .seconds(65), limit: 3, roundSize: 2)

    private func item(_ key: String, _ version: Int64 = 1) -> ReplayQueue.Item {
        ReplayQueue.Item(key: bytes(key), version: SessionVersion(version))
    }

    private mutating func add(_ key: String, _ version: Int64 = 1, at seconds: Int64 = 0) -> ReplayQueue.Addition {
        self.queue.publishFailed(self.item(key, version), now: .seconds(seconds))
    }

    @Test("a key waits with its highest version")
    mutating func highest() {
        #expect(self.add("a", 5) == .init(startsTimer: true, dropped: 0))
        #expect(self.add("a", 7) == .init(startsTimer: false, dropped: 0))
        #expect(self.add("a", 6) == .init(startsTimer: false, dropped: 0))
        #expect(self.queue.count == 1)
        #expect(self.queue.commandSucceeded(now: .zero).items == [self.item("a", 7)])
        self.queue.told(self.item("a", 6))
        #expect(self.queue.count == 1, "told of an older one only")
        self.queue.told(self.item("a", 7))
        #expect(self.queue.count == 0)
    }

    @Test("the first success starts a round, one at a time, oldest first; the rest follows")
    mutating func rounds() {
        for key in ["a", "b", "c"] { _ = self.add(key) }
        #expect(self.queue.commandSucceeded(now: .zero).items == [self.item("a"), self.item("b")])
        #expect(self.queue.commandSucceeded(now: .zero).items.isEmpty, "one round at a time")
        #expect(self.queue.timerFired(.proceed, now: .zero)?.items == [])
        self.queue.told(self.item("a"))
        self.queue.told(self.item("b"))
        self.queue.roundEnded(failed: false)
        #expect(self.queue.commandSucceeded(now: .zero).items == [self.item("c")])
    }

    @Test("after a round that failed only the timer starts another, so that a Redis that answers reads alone is not flooded")
    mutating func failedRound() {
        _ = self.add("a")
        #expect(self.queue.commandSucceeded(now: .zero).items.count == 1)
        self.queue.roundEnded(failed: true)
        #expect(self.queue.commandSucceeded(now: .zero).items.isEmpty)
        #expect(self.queue.timerFired(.proceed, now: .seconds(1))?.items == [self.item("a")])
        self.queue.roundEnded(failed: true)
        _ = self.queue.timerFired(.refuse, now: .seconds(2))
        #expect(self.queue.commandSucceeded(now: .seconds(2)).items == [self.item("a")], "something has succeeded since the timer")
    }

    @Test("by timer it asks as the breaker permits: nothing, one command, or a round")
    mutating func timer() {
        for key in ["a", "b"] { _ = self.add(key) }
        #expect(self.queue.timerFired(.refuse, now: .seconds(1)) == .init(items: [], expired: 0))
        #expect(self.queue.timerFired(.probe, now: .seconds(1))?.items == [self.item("a")])
        self.queue.roundEnded(failed: true)
        #expect(self.queue.timerFired(.proceed, now: .seconds(2))?.items == [self.item("a"), self.item("b")])
        for key in ["a", "b"] { self.queue.told(self.item(key)) }
        self.queue.roundEnded(failed: false)
        #expect(self.queue.timerFired(.proceed, now: .seconds(3)) == nil, "nothing waits: the timer ends")
        #expect(self.add("c").startsTimer, "and is started again by the next key")
    }

    @Test("a key is dropped when every older entry is checked anyway; added again it waits anew")
    mutating func expiry() {
        _ = self.add("a", at: 0)
        _ = self.add("b", at: 1)
        _ = self.add("a", at: 2)
        #expect(self.queue.timerFired(.refuse, now: .seconds(65))?.expired == 0)
        #expect(self.queue.timerFired(.refuse, now: .seconds(66))?.expired == 1)
        #expect(self.queue.count == 1)
        #expect(self.queue.timerFired(.proceed, now: .seconds(67)) == .init(items: [], expired: 1))
    }

    @Test("a full queue lets the oldest key go")
    mutating func full() {
        for key in ["a", "b", "c"] { #expect(self.add(key).dropped == 0) }
        #expect(self.add("a").dropped == 0, "it waits already")
        #expect(self.add("d").dropped == 1)
        #expect(self.queue.count == 3)
        #expect(self.queue.commandSucceeded(now: .zero).items == [self.item("c"), self.item("a")])
    }

    @Test("whatever comes in whatever order, it stays within its limit and holds the highest untold version of each key", arguments: 0..<50)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = ReplayQueue(lifetime: .seconds(1_000_000), limit: 1000, roundSize: 8)
        var expected: [[UInt8]: SessionVersion] = [:]
        for _ in 0..<2000 {
            let item = self.item("\(Int.random(in: 0..<100, using: &generator))", .random(in: 1...20, using: &generator))
            if Bool.random(using: &generator) {
                _ = queue.publishFailed(item, now: .zero)
                expected[item.key] = max(item.version, expected[item.key] ?? item.version)
            } else {
                queue.told(item)
                if let version = expected[item.key], version <= item.version { expected[item.key] = nil }
            }
            #expect(queue.count == expected.count)
        }
        var told: [[UInt8]: SessionVersion] = [:]
        while case let items = queue.commandSucceeded(now: .zero).items, !items.isEmpty {
            for item in items {
                told[item.key] = item.version
                queue.told(item)
            }
            queue.roundEnded(failed: false)
        }
        #expect(told == expected)
    }
}
