import SessionStore
import SessionStoreTesting
import Testing

@Suite("The manual clock", .timeLimit(.minutes(1)))
struct ManualClockTests {
    @Test("whoever sleeps wakes when the clock has moved that far")
    func wakes() async throws {
        let clock = ManualClock(now: Timestamp(seconds: 100))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await clock.sleep(for: .seconds(2)) }
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            #expect(clock.sleeperCount == 1)
            clock.advance(by: .seconds(1))
            #expect(clock.sleeperCount == 0)
            try await group.waitForAll()
        }
        #expect(clock.now == Timestamp(seconds: 102))
    }

    @Test("a cancelled sleeper leaves with an error")
    func cancelled() async {
        let clock = ManualClock()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await clock.sleep(for: .seconds(1)) }
            }
            await clock.waitForSleepers()
            group.cancelAll()
        }
        #expect(clock.sleeperCount == 0)
    }

    @Test("whoever waits for sleepers that do not come leaves when it is cancelled")
    func cancelledWatcher() async {
        let clock = ManualClock()
        let watcher = Task { await clock.waitForSleepers() }
        watcher.cancel()
        await watcher.value
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await clock.waitForSleepers()
        }
        await late.value
    }

    @Test("setting the wall clock wakes nobody and leaves the monotonic clock")
    func wallClock() async throws {
        let clock = ManualClock(now: Timestamp(seconds: 100))
        let uptime = clock.uptime
        clock.setWallClock(Timestamp(seconds: 5))
        #expect(clock.now == Timestamp(seconds: 5))
        #expect(clock.uptime == uptime)
        try await clock.sleep(for: .zero)
    }
}
