import TestSupport
import Testing

@testable import Redis

struct CommandQueueTests {
    @Test("a caller who leaves keeps its place, which swallows the reply")
    func tombstone() {
        var queue = CommandQueue<Int>()
        for number in 1...3 { queue.append(.init(ticket: UInt64(number * 10), deadline: .seconds(1), endOffset: 0, caller: number)) }
        #expect(queue.leave(ticket: 20) == 2)
        #expect(queue.leave(ticket: 20) == nil)
        #expect(queue.leave(ticket: 15) == nil)
        #expect(queue.count == 3)
        #expect(queue.popFirst()?.caller == 1)
        let empty = queue.popFirst()
        #expect(empty != nil && empty?.caller == nil)
        #expect(queue.popFirst()?.caller == 3)
        #expect(queue.popFirst() == nil)
        #expect(queue.leave(ticket: 30) == nil)
    }

    @Test("only callers past their deadline expire, and the earliest of the others is told")
    func expiry() {
        var queue = CommandQueue<Int>()
        for (ticket, seconds) in [(1, 5), (2, 1), (3, 9), (4, 1)] {
            queue.append(.init(ticket: UInt64(ticket), deadline: .seconds(seconds), endOffset: 0, caller: ticket))
        }
        var expired: [Int] = []
        #expect(queue.expire(now: .seconds(1)) { entry in expired.append(entry.caller ?? 0) } == .seconds(5))
        #expect(expired == [2, 4])
        #expect(queue.oldestDeadline == .seconds(5))
        #expect(queue.expire(now: .seconds(10)) { entry in expired.append(entry.caller ?? 0) } == nil)
        #expect(expired == [2, 4, 1, 3])
        #expect(queue.count == 4)
    }

    @Test("it behaves like a list, whatever happens in whatever order", arguments: 0..<30 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = CommandQueue<UInt64>()
        var model: [(ticket: UInt64, deadline: Duration, caller: UInt64?)] = []
        var ticket: UInt64 = 0
        for step in 0..<2000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                ticket += .random(in: 1...3, using: &random)
                let deadline = Duration.milliseconds(step + .random(in: 0..<400, using: &random))
                queue.append(.init(ticket: ticket, deadline: deadline, endOffset: 0, caller: ticket))
                model.append((ticket, deadline, ticket))
            case 5..<8:
                let entry = queue.popFirst()
                #expect(entry?.ticket == model.first?.ticket)
                #expect(entry?.caller == model.first?.caller)
                if !model.isEmpty { model.removeFirst() }
            case 8:
                let leaving = UInt64.random(in: 0...(ticket + 1), using: &random)
                let index = model.firstIndex { $0.ticket == leaving }
                #expect(queue.leave(ticket: leaving) == index.flatMap { model[$0].caller })
                if let index { model[index].caller = nil }
            default:
                let now = Duration.milliseconds(step)
                var expired: [UInt64?] = []
                let next = queue.expire(now: now) { entry in expired.append(entry.caller) }
                #expect(expired == model.filter { $0.caller != nil && $0.deadline <= now }.map(\.caller))
                for index in model.indices where model[index].deadline <= now { model[index].caller = nil }
                #expect(next == model.filter { $0.caller != nil }.map(\.deadline).min())
            }
            #expect(queue.count == model.count)
            #expect(queue.oldestDeadline == model.first?.deadline)
        }
        var rest: [UInt64?] = []
        queue.removeAll { entry in rest.append(entry.caller) }
        #expect(rest == model.map(\.caller))
        #expect(queue.isEmpty)
    }
}
