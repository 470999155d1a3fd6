import Locked
import TestSupport
import Testing

@testable import EventLoop

@Suite("Alarms of a loop", .timeLimit(.minutes(1)))
struct LoopAlarmTests {
    private struct Ring: Equatable {
        var name: String
        var isOnLoop: Bool
    }

    @Test("they go off in the order of their times, on the loop, and one that was called off does not", arguments: [true, false])
    func order(startsOnLoop: Bool) async throws {
        let loop = try UVLoop()
        let (rings, ring) = AsyncStream.makeStream(of: Ring.self)
        await Task(executorPreference: startsOnLoop ? loop : nil) {
            _ = loop.alarm(after: .milliseconds(40)) { ring.yield(Ring(name: "last", isOnLoop: loop.isOnLoop)) }
            let callOff = loop.alarm(after: .milliseconds(20)) { ring.yield(Ring(name: "called off", isOnLoop: true)) }
            _ = loop.alarm(after: .milliseconds(1)) { ring.yield(Ring(name: "first", isOnLoop: loop.isOnLoop)) }
            callOff()
            callOff()
        }.value
        var seen: [Ring] = []
        for await ring in rings.prefix(2) { seen.append(ring) }
        await loop.shutdown()
        #expect(seen == [Ring(name: "first", isOnLoop: true), Ring(name: "last", isOnLoop: true)])
    }

    @Test("what was to be done at its time is done when the loop ends, once, and what is asked for later at once")
    func shutdown() async throws {
        let loop = try UVLoop()
        let rings = Locked<[String]>([])
        _ = loop.alarm(after: .seconds(3600)) { rings.withLock { $0.append("early") } }
        let callOff = loop.alarm(after: .seconds(3600)) { rings.withLock { $0.append("called off") } }
        callOff()
        await loop.shutdown()
        #expect(rings.withLock { $0 } == ["early"])
        let (late, ring) = AsyncStream.makeStream(of: Void.self)
        let tooLate = loop.alarm(after: .seconds(3600)) { ring.yield() }
        for await _ in late.prefix(1) {}
        tooLate()
        #expect(rings.withLock { $0 } == ["early"])
    }

    @Test("their timers serve one after another")
    func timers() async throws {
        let loop = try UVLoop()
        let timers = await Task(executorPreference: loop) {
            for _ in 0..<100 {
                let (first, second) = (loop.alarm(after: .seconds(60)) {}, loop.alarm(after: .seconds(30)) {})
                first()
                second()
            }
            return loop.core.idleAlarms.count
        }.value
        await loop.shutdown()
        #expect(timers == 2)
    }
}
