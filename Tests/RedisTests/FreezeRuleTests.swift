import Testing

@testable import Redis

struct FreezeRuleTests {
    private static func rule() -> FreezeRule { FreezeRule(idleLimit: .seconds(10)) }

    @Test("a connection in use is not suspected")
    func warm() {
        var rule = Self.rule()
        for second in 0..<100 {
            let now = Duration.seconds(second)
            #expect(rule.isSuspect(lastArrival: now - .seconds(1), now: now, wall: now + .seconds(1_000_000)) == false)
        }
    }

    @Test("one that nothing came from for the limit is")
    func idle() {
        var rule = Self.rule()
        #expect(rule.isSuspect(lastArrival: .zero, now: .milliseconds(9999), wall: .zero) == false)
        #expect(rule.isSuspect(lastArrival: .zero, now: .seconds(10), wall: .zero) == true)
    }

    @Test("one is whose process was frozen while the monotonic clock stood still: the time of day went on")
    func frozen() {
        var rule = Self.rule()
        #expect(rule.isSuspect(lastArrival: .zero, now: .seconds(1), wall: .seconds(100)) == false)
        #expect(rule.isSuspect(lastArrival: .seconds(1), now: .seconds(1) + .milliseconds(5), wall: .seconds(700)) == true)
        #expect(rule.isSuspect(lastArrival: .seconds(1), now: .seconds(2), wall: .seconds(701)) == false)
    }

    @Test("one is that was opened just before the freeze")
    func frozenAfterOpening() {
        var rule = Self.rule()
        rule.opened(now: .seconds(1), wall: .seconds(100))
        #expect(rule.isSuspect(lastArrival: .seconds(1), now: .seconds(1), wall: .seconds(700)) == true)
    }

    @Test("a time of day that is set back, or a little forward, is no freeze")
    func adjusted() {
        var rule = Self.rule()
        #expect(rule.isSuspect(lastArrival: .zero, now: .seconds(1), wall: .seconds(100)) == false)
        #expect(rule.isSuspect(lastArrival: .zero, now: .seconds(2), wall: .seconds(20)) == false)
        #expect(rule.isSuspect(lastArrival: .zero, now: .seconds(3), wall: .milliseconds(21_900)) == false)
    }
}
