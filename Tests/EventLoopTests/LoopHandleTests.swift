import EventLoop
import Glibc
import Locked
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LoopHandleTests {
    @Test("timers fire in the order of their deadlines, once; a disarmed one does not")
    func timers() async throws {
        let loop = try UVLoop()
        let fired = Observed<[Int]>([])
        loop.execute {
            let timers = Box<[LoopTimer]>([])
            for (index, delay) in [30, 10, 20, 5].enumerated() {
                timers.value.append(
                    LoopTimer(loop) {
                        fired.change { $0.append(delay) }
                        if index == 0 {
                            timers.value.forEach { $0.close() }
                            timers.value = []
                        }
                    })
                timers.value[index].arm(after: .milliseconds(delay))
            }
            timers.value[3].disarm()
            timers.value[1].arm(after: .milliseconds(12))
        }
        try await fired.wait { $0.contains(30) }
        #expect(fired.value == [10, 20, 30])
        await loop.shutdown()
    }

    @Test(
        "what a timer makes ready runs at once, also when the timer was due before the loop polled and nothing else happens",
        arguments: [true, false])
    func dueTimer(asJob: Bool) async throws {
        let loop = try UVLoop()
        let ran = Event()
        let timer = Observed<LoopBound<LoopTimer>?>(nil)
        loop.execute {
            let due = LoopTimer(loop) {
                if asJob { Task(executorPreference: loop) { ran.happened() } } else { loop.atEndOfTurn { ran.happened() } }
            }
            timer.change { $0 = LoopBound(due, loop: loop) }
            due.arm(after: .milliseconds(1))
            // Kept for longer than the timer waits: it fires as soon as libuv is asked, before the poll.
            usleep(20_000)
        }
        try await ran.wait()
        loop.execute { timer.value?.value.close() }
        await loop.shutdown()
    }

    @Test("a watched socket reports what it is ready for, and nothing once closed")
    func descriptor() async throws {
        let loop = try UVLoop()
        var pair: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0, &pair) == 0)
        let (ours, theirs) = (pair[0], pair[1])
        let got = Observed<[UInt8]?>(nil)
        loop.execute {
            let watcher = Box<LoopDescriptor?>(nil)
            watcher.value = try? LoopDescriptor(loop, descriptor: ours) { readiness in
                if readiness.contains(.writable) {
                    watcher.value?.watch(.readable)
                    _ = write(theirs, "x", 1)
                } else if readiness.contains(.readable) {
                    var buffer = [UInt8](repeating: 0, count: 8)
                    let bytes = Array(buffer[..<max(0, read(ours, &buffer, buffer.count))])
                    watcher.value?.close {
                        close(ours)
                        got.change { $0 = bytes }
                    }
                    watcher.value = nil
                }
            }
            watcher.value?.watch(.writable)
        }
        try await got.wait { $0 != nil }
        #expect(got.value == [UInt8(ascii: "x")])
        close(theirs)
        await loop.shutdown()
    }

    @Test("a broken socket is reported until somebody has seen its error, after all bytes that came before it")
    func brokenDescriptor() async throws {
        let loop = try UVLoop()
        var pair: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0, &pair) == 0)
        let (ours, theirs) = (pair[0], pair[1])
        // Closed with unread bytes, the other side resets the connection.
        #expect(write(ours, "unread", 6) == 6 && write(theirs, "ab", 2) == 2)
        close(theirs)
        let bytes = Observed<[UInt8]>([])
        let failure = Observed<Int32?>(nil)
        loop.execute {
            let watcher = Box<LoopDescriptor?>(nil)
            watcher.value = try? LoopDescriptor(loop, descriptor: ours) { _ in
                // One byte a turn.
                var byte: UInt8 = 0
                if read(ours, &byte, 1) == 1 {
                    let byte = byte
                    bytes.change { $0.append(byte) }
                    return
                }
                let code = errno
                watcher.value?.close {
                    close(ours)
                    failure.change { $0 = code }
                }
                watcher.value = nil
            }
            watcher.value?.watch(.readable)
        }
        try await failure.wait { $0 != nil }
        #expect(bytes.value == Array("ab".utf8))
        #expect(failure.value == ECONNRESET)
        await loop.shutdown()
    }

    @Test("shutdown closes what its owner left open")
    func leftOpen() async throws {
        let loop = try UVLoop()
        let freed = Locked(0)
        let armed = Event()
        loop.execute {
            let canary = Canary { freed.withLock { $0 += 1 } }
            for _ in 0..<10 { LoopTimer(loop) { withExtendedLifetime(canary) {} }.arm(after: .seconds(3600)) }
            armed.happened()
        }
        try await armed.wait()
        await loop.shutdown()
        #expect(freed.withLock { $0 } == 1)
        loop.execute {
            #expect(throws: EventLoopError.self) { _ = try LoopDescriptor(loop, descriptor: 0) { _ in } }
        }
    }

    @Test("an owner is told of the shutdown once, also when it comes too late")
    func hooks() async throws {
        let loop = try UVLoop()
        let told = Locked<[String]>([])
        let hooked = Event()
        loop.execute {
            _ = loop.onShutdown { told.withLock { $0.append("early") } }
            loop.onShutdown { told.withLock { $0.append("cancelled") } }.cancel()
            hooked.happened()
        }
        try await hooked.wait()
        await loop.shutdown()
        loop.execute {
            _ = loop.onShutdown { told.withLock { $0.append("late") } }
            hooked.happened()
        }
        try await hooked.wait(times: 2)
        #expect(told.withLock { $0 } == ["early", "late"])
    }
}

private final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

private final class Canary: Sendable {
    let onDeath: @Sendable () -> Void
    init(onDeath: @escaping @Sendable () -> Void) { self.onDeath = onDeath }
    deinit { self.onDeath() }
}
