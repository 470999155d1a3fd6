import TestSupport
import Testing

@testable import CacheStore

@Suite("tasks that a cache answers for", .timeLimit(.minutes(1)))
struct OwnedTasksTests {
    @Test("the end cancels those that run, waits for them, and lets no other start")
    func end() async throws {
        let tasks = OwnedTasks(executor: nil)
        let (gate, ended) = (Gate(), Event())
        for _ in 0..<3 {
            #expect(
                tasks.start {
                    // A gate lets cancelled tasks pass.
                    await gate.pass()
                    ended.happened()
                } == true)
        }
        try await gate.waitForArrivals(3)
        await tasks.end()
        try await ended.wait(times: 3)
        #expect(tasks.start { ended.happened() } == false)
        await tasks.end()
    }

    @Test("tasks that end by themselves are forgotten")
    func forgotten() async throws {
        let tasks = OwnedTasks(executor: nil)
        let ended = Event()
        for _ in 0..<100 { _ = tasks.start { ended.happened() } }
        try await ended.wait(times: 100)
        await tasks.end()
    }
}
