import Glibc
import Load
import SessionStore
import TestSupport
import Testing

@Suite struct WorkloadTests {
    @Test(arguments: [0.5, 0.99, 1.0, 1.1, 2.0]) func `Ranks are drawn as often as Zipf's law says`(exponent: Double) {
        let (count, draws) = (50, 200_000)
        let zipf = Zipf(count: count, exponent: exponent)
        var generator = SeededGenerator(seed: 42)
        var drawn = [Int](repeating: 0, count: count + 1)
        for _ in 0..<draws { drawn[zipf.next { Double.random(in: 0..<1, using: &generator) }] += 1 }
        let weights = (1...count).map { pow(Double($0), -exponent) }
        let whole = weights.reduce(0, +)
        // Pearson's statistic of 49 degrees of freedom: 99.9 % of samples lie below 85.4.
        let statistic = weights.enumerated().reduce(0.0) { sum, item in
            let expected = Double(draws) * item.element / whole
            return sum + pow(Double(drawn[item.offset + 1]) - expected, 2) / expected
        }
        #expect(drawn[0] == 0)
        #expect(statistic < 85.4)
    }

    @Test func `A single session is always drawn`() {
        let zipf = Zipf(count: 1, exponent: 1.1)
        var generator = SeededGenerator(seed: 1)
        #expect((0..<1000).allSatisfy { _ in zipf.next { Double.random(in: 0..<1, using: &generator) } == 1 })
    }

    @Test func `The same seed draws the same operations, and another one others`() {
        func operations(_ seed: UInt64, task: Int = 0) -> [LoadOperation] {
            var plan = LoadPlan()
            plan.seed = seed
            var source = OperationSource(plan, task: task)
            return (0..<200).map { _ in source.next() }
        }
        #expect(operations(1) == operations(1))
        #expect(operations(1) != operations(2))
        #expect(operations(1) != operations(1, task: 1))
    }

    @Test func `Operations come in the shares that a plan wants, of sessions that it has`() {
        var plan = LoadPlan()
        plan.sessions = 10
        plan.popularity = .uniform
        plan.mix = LoadPlan.Mix(reads: 6, writes: 3, deletes: 1)
        var source = OperationSource(plan)
        var counts: [LoadOperation.Kind: Int] = [:]
        var sessions = Set<Int>()
        for _ in 0..<20_000 {
            let operation = source.next()
            counts[operation.kind, default: 0] += 1
            sessions.insert(operation.session)
        }
        // Four standard deviations of a binomial of 20,000.
        #expect(abs(counts[.read, default: 0] - 12_000) < 280)
        #expect(abs(counts[.write, default: 0] - 6_000) < 260)
        #expect(abs(counts[.delete, default: 0] - 2_000) < 170)
        #expect(sessions == Set(0..<10))
    }

    @Test(arguments: [0, 20, 500]) func `What a write stores says whose it is and which write it was`(bytes: Int) throws {
        let content = LoadContent(session: 12, number: 3_000_000_007)
        let data = content.data(bytes: bytes)
        #expect(LoadContent(data) == content)
        #expect(try #require(data["load"]?.string).utf8.count == max(bytes, "12.3000000007.".utf8.count))
        let wallet = try #require(data["wallet_address"]?.string)
        #expect(throws: Never.self) { try WalletAddress(wallet) }
        #expect(
            LoadContent(data.merging(["wallet_address": .string(try WalletAddress(wallet).text)]) { $1 }) == content, "with its checksum")
        #expect(LoadContent(data.merging(["note": "of a server"]) { $1 }) == content)
    }

    @Test func `What no write has stored is recognised`() {
        let data = LoadContent(session: 12, number: 7).data(bytes: 64)
        let other = LoadContent(session: 12, number: 8).data(bytes: 64)
        #expect(LoadContent(data.merging(["wallet_address": other["wallet_address"]!]) { $1 }) == nil, "the wallet of another write")
        #expect(LoadContent(data.merging(["load": "12.7.xxxyx"]) { $1 }) == nil, "another text")
        #expect(LoadContent(data.merging(["load": "12"]) { $1 }) == nil)
        #expect(LoadContent(data.filter { $0.key != "wallet_address" }) == nil)
        #expect(LoadContent([:]) == nil)
    }

    @Test func `Workers share a plan, and nothing is lost in the division`() {
        var plan = LoadPlan()
        plan.concurrency = 10
        plan.pacing = .open(perSecond: 300)
        plan.bound = .operations(1000)
        let parts = (0..<3).map { plan.share($0, of: 3) }
        #expect(parts.map(\.concurrency) == [4, 3, 3])
        #expect(parts.map(\.bound) == [.operations(334), .operations(333), .operations(333)])
        #expect(parts.allSatisfy { $0.pacing == .open(perSecond: 100) && $0.sessions == plan.sessions })
        #expect(Set(parts.map(\.seed)).count == 3)
    }

    @Test func `Everything that is wrong with a plan is said at once`() {
        var plan = LoadPlan()
        plan.sessions = 0
        plan.mix = LoadPlan.Mix(reads: 0, writes: 0, deletes: 0)
        plan.popularity = .zipf(exponent: 0)
        plan.bound = .duration(.zero)
        plan.prefix = "a b"
        plan.concurrency = 3
        let problems = plan.problems(workers: 4)
        for option in ["--sessions", "--reads", "--zipf", "--duration", "--prefix", "--concurrency"] {
            #expect(problems.contains { $0.contains(option) }, "\(option)")
        }
        #expect(LoadPlan().problems().isEmpty)
    }
}
