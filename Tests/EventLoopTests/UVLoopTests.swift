import EventLoop
import Glibc
import Locked
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct UVLoopTests {
    private func withLoop<Result>(_ body: (UVLoop) async throws -> Result) async throws -> Result {
        let loop = try UVLoop(name: "test")
        do {
            let result = try await body(loop)
            await loop.shutdown()
            return result
        } catch {
            await loop.shutdown()
            throw error
        }
    }

    @Test("a task that prefers the loop runs on its thread, before and after a wait")
    func taskExecutor() async throws {
        try await self.withLoop { loop in
            let seen = try await Task(executorPreference: loop) {
                let before = loop.isOnLoop
                try await loop.sleep(for: .milliseconds(1))
                await Task.yield()
                return [before, loop.isOnLoop]
            }.value
            #expect(seen == [true, true])
            #expect(!loop.isOnLoop)
        }
    }

    @Test("an actor can live on the loop")
    func serialExecutor() async throws {
        actor Counter {
            let loop: UVLoop
            var count = 0
            nonisolated var unownedExecutor: UnownedSerialExecutor { self.loop.asUnownedSerialExecutor() }

            init(loop: UVLoop) { self.loop = loop }

            func add() -> Bool {
                self.count += 1
                self.assertIsolated()
                return self.loop.isOnLoop
            }
        }
        try await self.withLoop { loop in
            let counter = Counter(loop: loop)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<1000 { group.addTask { await counter.add() } }
                for await onLoop in group { #expect(onLoop) }
            }
            #expect(await counter.count == 1000)
        }
    }

    @Test("work handed over by many threads arrives once, and in each thread's order")
    func executeFromManyThreads() async throws {
        try await self.withLoop { loop in
            let arrived = Locked<[[Int]]>(Array(repeating: [], count: 8))
            let done = Event()
            await withTaskGroup(of: Void.self) { group in
                for thread in 0..<8 {
                    group.addTask {
                        for item in 0..<500 { loop.execute { arrived.withLock { $0[thread].append(item) } } }
                        loop.execute { done.happened() }
                    }
                }
            }
            try await done.wait(times: 8)
            #expect(arrived.withLock { $0 } == Array(repeating: Array(0..<500), count: 8))
        }
    }

    @Test("what is left for the end of a turn runs after the ready jobs, once")
    func endOfTurn() async throws {
        try await self.withLoop { loop in
            let order = Locked<[String]>([])
            await withTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: loop) {
                    loop.atEndOfTurn { order.withLock { $0.append("flush") } }
                    for name in ["a", "b"] {
                        Task(executorPreference: loop) { order.withLock { $0.append(name) } }
                    }
                }
            }
            // The end of the same turn, behind what was left for it before, or of a later one.
            await withCheckedContinuation { done in
                loop.execute { loop.atEndOfTurn { done.resume() } }
            }
            #expect(order.withLock { $0 } == ["a", "b", "flush"])
        }
    }

    @Test("tasks that never wait do not starve timers")
    func fairness() async throws {
        try await self.withLoop { loop in
            let stop = Locked(false)
            let spinner = Task(executorPreference: loop) {
                var turns = 0
                while !stop.withLock({ $0 }) {
                    turns += 1
                    await Task.yield()
                }
                return turns
            }
            defer { stop.withLock { $0 = true } }
            try await loop.sleep(for: .milliseconds(5))
            stop.withLock { $0 = true }
            #expect(await spinner.value > 0)
        }
    }

    @Test("a cancelled sleep ends at once; one cancelled before it began does not begin")
    func cancelledSleep() async throws {
        try await self.withLoop { loop in
            for startFirst in [true, false] {
                let sleeper = Task(executorPreference: startFirst ? loop : nil) { () -> EventLoopError? in
                    do throws(EventLoopError) {
                        try await loop.sleep(for: .seconds(3600))
                        return nil
                    } catch {
                        return error
                    }
                }
                sleeper.cancel()
                #expect(await sleeper.value?.code == .cancelled)
            }
        }
    }

    @Test("shutdown resumes every sleeper exactly once, and later calls throw")
    func shutdown() async throws {
        let loop = try UVLoop()
        let sleepers = (0..<200).map { index in
            Task(executorPreference: index.isMultiple(of: 2) ? loop : nil) { () -> EventLoopError? in
                do throws(EventLoopError) {
                    try await loop.sleep(for: .seconds(3600))
                    return nil
                } catch {
                    return error
                }
            }
        }
        await loop.shutdown()
        for sleeper in sleepers { #expect(await sleeper.value?.code == .shutDown) }
        await #expect(throws: EventLoopError.self) { try await loop.sleep(for: .zero) }
        await #expect(throws: EventLoopError.self) { _ = try await loop.resolve(host: "localhost", port: 1) }
        await loop.shutdown()
        loop.shutdownAndWait()
    }

    @Test("tasks on a loop that was shut down come to their end, one at a time")
    func tasksAfterShutdown() async throws {
        let loop = try UVLoop()
        await loop.shutdown()
        let inside = Locked(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask(executorPreference: loop) {
                    #expect(loop.isOnLoop)
                    #expect(
                        inside.withLock {
                            $0 += 1; return $0
                        } == 1)
                    inside.withLock { $0 -= 1 }
                }
            }
        }
    }

    @Test("loops start and end under load without losing a task")
    func startAndStop() async throws {
        for _ in 0..<30 {
            let loop = try UVLoop()
            let tasks = (0..<20).map { _ in
                Task(executorPreference: loop) {
                    for _ in 0..<5 { try? await loop.sleep(for: .milliseconds(1)) }
                }
            }
            await Task(executorPreference: loop) { await loop.shutdown() }.value
            for task in tasks { await task.value }
        }
    }

    @Test("a name is resolved without blocking the loop; a numeric host asks nobody; an unknown name is a clear error")
    func resolve() async throws {
        try await self.withLoop { loop in
            let v4 = try await loop.resolve(host: "127.0.0.1", port: 80)
            let v6 = try await loop.resolve(host: "::1", port: 80)
            let local = try await loop.resolve(host: "localhost", port: 80)
            #expect(v4.map(\.family) == [AF_INET])
            #expect(v6.map(\.family) == [AF_INET6])
            #expect(!local.isEmpty)
            let error = await #expect(throws: EventLoopError.self) {
                _ = try await loop.resolve(host: "no-such-host.invalid", port: 80)
            }
            #expect(error?.code == .nameNotFound)
        }
    }
}
