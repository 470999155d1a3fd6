import TestSupport
import Testing

@Suite("Values that tests wait on", .timeLimit(.minutes(1)))
struct ObservedTests {
    @Test("whoever waits goes on when the value is as wanted, and not before")
    func wait() async throws {
        let number = Observed(0)
        async let three: Void = number.wait { $0 == 3 }
        for _ in 0..<3 { number.change { $0 += 1 } }
        try await three
        try await number.wait { $0 == 3 }
    }

    @Test("what one waiter takes out of the value is not there for the next")
    func taking() async throws {
        let tokens = Observed(0)
        let taken = Observed(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await tokens.wait { tokens in
                        guard tokens > 0 else { return false }
                        tokens -= 1
                        return true
                    }
                    taken.change { $0 += 1 }
                }
            }
            for _ in 0..<20 { tokens.change { $0 += 1 } }
            try await group.waitForAll()
        }
        #expect(tokens.value == 0)
        #expect(taken.value == 20)
    }

    @Test("a cancelled wait ends, before it has begun and while it lasts")
    func cancellation() async throws {
        let event = Event()
        let waiting = Task { try await event.wait() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await event.wait()
        }
        await #expect(throws: CancellationError.self) { try await late.value }
        event.happened()
        try await event.wait()
    }

    @Test("a gate holds who comes until it is opened or the task is cancelled")
    func gate() async throws {
        let gate = Gate()
        let held = Task { await gate.pass() }
        let leaving = Task { await gate.pass() }
        try await gate.waitForArrivals(2)
        leaving.cancel()
        await leaving.value
        gate.open()
        await held.value
        await gate.pass()
        #expect(gate.arrivals == 3)
    }
}
