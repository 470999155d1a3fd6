import TestSupport
import Testing

@testable import Redis

struct CommandQueueTests {
    @Test("a caller who leaves keeps its place, which swallows the reply")
    func tombstone() {
        let queue = CommandQueue<Int>()
        for number in 1...3 { queue.append(.init(deadline: .seconds(number), endOffset: 0, caller: number)) }
        queue.forEachCaller { caller, _ in
            if caller == 2 { caller = nil }
        }
        #expect(queue.count == 3)
        #expect(queue.popFirst()?.caller == 1)
        let empty = queue.popFirst()
        #expect(empty != nil && empty?.caller == nil)
        #expect(queue.popFirst()?.caller == 3)
        #expect(queue.popFirst() == nil)
    }

    @Test("only callers who still wait are shown, oldest first, and what a look makes of them stays")
    func looks() {
        let queue = CommandQueue<Int>()
        for (number, seconds) in [(1, 5), (2, 1), (3, 9), (4, 1)] {
            queue.append(.init(deadline: .seconds(seconds), endOffset: 0, caller: number))
        }
        var seen: [Int?] = []
        queue.forEachCaller { caller, deadline in
            seen.append(caller)
            caller = deadline == .seconds(1) ? nil : caller.map { $0 + 10 }
        }
        #expect(seen == [1, 2, 3, 4])
        seen = []
        queue.forEachCaller { caller, _ in seen.append(caller) }
        #expect(seen == [11, 13])
        #expect(queue.oldestDeadline == .seconds(5))
        #expect(queue.count == 4)
    }

    @Test("it behaves like a list, whatever happens in whatever order", arguments: 0..<30 as Range<UInt64>)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let queue = CommandQueue<Int>()
        var model: [(deadline: Duration, caller: Int?)] = []
        for step in 0..<2000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let deadline = Duration.milliseconds(step + .random(in: 0..<400, using: &random))
                queue.append(.init(deadline: deadline, endOffset: 0, caller: step))
                model.append((deadline, step))
            case 5..<8:
                let entry = queue.popFirst()
                #expect(entry?.deadline == model.first?.deadline)
                #expect(entry?.caller == model.first?.caller)
                if !model.isEmpty { model.removeFirst() }
            default:
                let now = Duration.milliseconds(step)
                var shown: [Int?] = []
                queue.forEachCaller { caller, deadline in
                    shown.append(caller)
                    if deadline <= now { caller = nil }
                }
                #expect(shown == model.map(\.caller).filter { $0 != nil })
                for index in model.indices where model[index].deadline <= now { model[index].caller = nil }
            }
            #expect(queue.count == model.count)
            #expect(queue.oldestDeadline == model.first?.deadline)
        }
        var rest: [Int?] = []
        while let entry = queue.popFirst() { rest.append(entry.caller) }
        #expect(rest == model.map(\.caller))
        #expect(queue.isEmpty)
    }
}
