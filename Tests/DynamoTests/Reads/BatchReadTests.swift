import SessionStore
import TestSupport
import Testing

@testable import Dynamo

@Suite("One batch, asked until all is answered")
struct BatchReadTests {
    private let keys: [SessionKey]
    private let item = StoredItem(record: SessionRecord(data: ["a": 1]))

    init() throws {
        self.keys = try (0..<250).map { .session(try SessionID("session-\($0)")) }
    }

    @Test("keys are asked for once each, in their order, a hundred at a time")
    func requests() {
        let twice = self.keys + self.keys.reversed()
        let requests = BatchRead.requests(for: twice)
        #expect(requests.map(\.count) == [100, 100, 50])
        #expect(requests.flatMap { $0 } == self.keys)
        #expect(BatchRead.requests(for: []).isEmpty)
        #expect(BatchRead.requests(for: [self.keys[0], self.keys[0]]) == [[self.keys[0]]])
    }

    @Test("what is answered without an item is not there; what was left unprocessed is asked for again, after a growing wait")
    func unprocessed() {
        let three = Array(self.keys[..<3])
        var batch = BatchRead(three)
        #expect(batch.started() == .send(three))
        #expect(batch.answered([three[0]: self.item], unprocessed: [three[2]]) == .wait(upTo: .milliseconds(25)))
        #expect(batch.waited() == .send([three[2]]))
        #expect(batch.answered([:], unprocessed: [three[2]]) == .wait(upTo: .milliseconds(50)))
        #expect(batch.waited() == .send([three[2]]))
        #expect(batch.answered([three[2]: self.item], unprocessed: []) == .done)
        #expect(batch.results == [three[0]: .success(self.item), three[1]: .success(nil), three[2]: .success(self.item)])
    }

    @Test("eight answers without any key end it: the rest is throttled, what was answered stays")
    func idle() {
        var batch = BatchRead(Array(self.keys[..<2]))
        #expect(batch.answered([self.keys[0]: self.item], unprocessed: [self.keys[1]]) == .wait(upTo: .milliseconds(25)))
        for round in 1..<BatchRead.maximumIdleRounds {
            #expect(batch.answered([:], unprocessed: [self.keys[1]]) == .wait(upTo: .milliseconds(25 << min(round, 6))))
        }
        #expect(batch.answered([:], unprocessed: [self.keys[1]]) == .done)
        #expect(batch.results == [self.keys[0]: .success(self.item), self.keys[1]: .failure(.unprocessed)])
        #expect(DynamoError.unprocessed.storeError.code == .throttled && DynamoError.unprocessed.advice == .later)
    }

    @Test("a failure is that of the keys that have no answer yet")
    func failed() {
        var batch = BatchRead(Array(self.keys[..<2]))
        _ = batch.answered([self.keys[0]: self.item], unprocessed: [self.keys[1]])
        #expect(batch.gaveUp(.late) == .done)
        #expect(batch.results == [self.keys[0]: .success(self.item), self.keys[1]: .failure(.late)])
    }

    @Test("a batch as large as an answer may be comes in parts, without ever being idle")
    func parts() {
        var batch = BatchRead(Array(self.keys[..<100]))
        var open = Set(self.keys[..<100])
        var action = batch.started()
        var rounds = 0
        while action != .done, rounds < 1000 {
            if case .wait = action { action = batch.waited() }
            guard case .send(let keys) = action else { break }
            rounds += 1
            open.subtract(keys.prefix(4))
            action = batch.answered(Dictionary(keys.prefix(4).map { ($0, self.item) }) { $1 }, unprocessed: open)
        }
        #expect(rounds == 25 && batch.results.count == 100)
        #expect(batch.results.values.allSatisfy { $0 == .success(self.item) })
    }
}

@Suite("Second requests for slow reads")
struct HedgeBudgetTests {
    @Test("none until there is something to compare with; then after the time that 95 of 100 took")
    func threshold() {
        var budget = HedgeBudget()
        for number in 1...HedgeBudget.minimumSamples {
            for _ in 0..<2 { #expect(budget.readBegan() == nil) }
            budget.answered(after: .milliseconds(number))
        }
        #expect(budget.readBegan() == .milliseconds(31), "the 31st of 32")
    }

    @Test("no more than two in a hundred, however slow the table becomes; a quiet time saves up a few", arguments: [100, 1000, 10_000])
    func share(reads: Int) {
        var budget = HedgeBudget()
        for _ in 0..<HedgeBudget.minimumSamples { budget.answered(after: .milliseconds(1)) }
        var hedges = 0
        for _ in 0..<reads where budget.readBegan() != nil && budget.mayHedge() {
            hedges += 1
            budget.answered(after: .seconds(1))
        }
        #expect(hedges <= reads * 2 / 100 && hedges >= reads * 2 / 100 - 1)
        // What was saved is not more than a burst.
        for _ in 0..<100_000 { _ = budget.readBegan() }
        var burst = 0
        while budget.mayHedge() { burst += 1 }
        #expect(burst == 4)
    }

    @Test("the threshold follows the table: old answers are forgotten")
    func recent() {
        var budget = HedgeBudget()
        for _ in 0..<50 { _ = budget.readBegan() }
        for _ in 0..<1000 { budget.answered(after: .milliseconds(1)) }
        #expect(budget.readBegan() == .milliseconds(1))
        for _ in 0..<HedgeBudget.window + HedgeBudget.minimumSamples { budget.answered(after: .milliseconds(9)) }
        #expect(budget.readBegan() == .milliseconds(9))
    }
}
