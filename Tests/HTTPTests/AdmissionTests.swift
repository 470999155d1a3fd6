import TestSupport
import Testing

@testable import HTTP

/// For calls that change the machine: the macro takes copies.
private func check(_ holds: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(holds, sourceLocation: sourceLocation)
}

@Suite("Who runs and who waits")
struct AdmissionTests {
    @Test("calls run up to the capacity, wait up to the limit in their order, and are refused beyond")
    func order() {
        var admission = Admission(capacity: 2, queueLimit: 2)
        check(admission.arrived(id: 1, deadline: .seconds(1)) == .start)
        check(admission.arrived(id: 2, deadline: .seconds(1)) == .start)
        check(admission.arrived(id: 3, deadline: .seconds(1)) == .wait)
        check(admission.arrived(id: 4, deadline: .seconds(1)) == .wait)
        check(admission.arrived(id: 5, deadline: .seconds(1)) == .refuse)
        check(admission.finished() == 3)
        check(admission.finished() == 4)
        check(admission.finished() == nil)
        check(admission.arrived(id: 6, deadline: .seconds(1)) == .start)
        check(admission.arrived(id: 7, deadline: .seconds(1)) == .wait)
    }

    @Test("a waiting call leaves when cancelled or late, and the others keep their order")
    func leaving() {
        var admission = Admission(capacity: 1, queueLimit: 10)
        _ = admission.arrived(id: 1, deadline: .seconds(9))
        for id in UInt64(2)...6 { _ = admission.arrived(id: id, deadline: .seconds(Int(id) % 3 + 1)) }
        #expect(admission.earliestDeadline == .seconds(1))
        check(admission.left(id: 4))
        check(!admission.left(id: 4))
        check(!admission.left(id: 1))
        check(admission.deadlineReached(now: .milliseconds(999)) == [])
        check(admission.deadlineReached(now: .seconds(1)) == [3, 6])
        #expect(admission.earliestDeadline == .seconds(3))
        #expect(admission.queued == 2)
        check(admission.finished() == 2)
        check(admission.finished() == 5)
        #expect(admission.earliestDeadline == nil)
    }

    @Test("a random schedule never runs more than the capacity, loses nobody and starts nobody twice", arguments: [1, 7, 2024])
    func schedule(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func next(_ bound: Int64) -> Int64 { Int64.random(in: 0..<bound, using: &random) }
        var admission = Admission(capacity: 3, queueLimit: 2000)
        var running: Set<UInt64> = []
        var waiting: [UInt64: Duration] = [:]
        var now = Duration.zero
        var id: UInt64 = 0
        for _ in 0..<20_000 {
            now += .milliseconds(next(3))
            switch next(4) {
            case 0, 1:
                id += 1
                let deadline = now + .milliseconds(next(500) + 1)
                switch admission.arrived(id: id, deadline: deadline) {
                case .start: running.insert(id)
                case .wait: waiting[id] = deadline
                case .refuse: #expect(waiting.count == 2000)
                }
            case 2:
                guard let done = running.min() else { continue }
                running.remove(done)
                if let next = admission.finished() {
                    #expect(next == waiting.keys.min())
                    #expect(waiting.removeValue(forKey: next) != nil)
                    running.insert(next)
                }
            default:
                if next(2) == 0, let one = waiting.keys.max() {
                    check(admission.left(id: one))
                    waiting[one] = nil
                }
                for late in admission.deadlineReached(now: now) { #expect(waiting.removeValue(forKey: late)! <= now) }
                #expect(waiting.values.allSatisfy { $0 > now })
            }
            #expect(running.count <= 3)
            #expect(waiting.isEmpty || running.count == 3)
            #expect(admission.queued == waiting.count)
        }
    }
}
