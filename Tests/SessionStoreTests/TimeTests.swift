import SessionStore
import Testing

@Suite("Instants, durations and the system's clock")
struct TimeTests {
    @Test("seconds are rounded down, also before 1970")
    func seconds() {
        #expect(Timestamp(milliseconds: 1999).seconds == 1)
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(Timestamp(milliseconds: -1000).seconds == -1)
        #expect(Timestamp(milliseconds: .min).seconds == Int64.min / 1000 - 1)
        #expect(Timestamp(seconds: 2).milliseconds == 2000)
    }

    @Test("instants beyond the range saturate instead of trapping")
    func saturation() {
        #expect(Timestamp(seconds: .max).milliseconds == .max)
        #expect(Timestamp(seconds: .min).milliseconds == .min)
        #expect((Timestamp(milliseconds: .max) + .seconds(1)).milliseconds == .max)
        #expect((Timestamp(milliseconds: .min) - .seconds(1)).milliseconds == .min)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMilliseconds == .min)
    }

    @Test("the difference of instants is a duration")
    func difference() {
        #expect(Timestamp(milliseconds: 2500) - Timestamp(milliseconds: 1000) == .milliseconds(1500))
        #expect(Timestamp(milliseconds: 1000) + .milliseconds(1500) == Timestamp(milliseconds: 2500))
        #expect(Duration.microseconds(2999).wholeMilliseconds == 2)
    }

    @Test("the system's clock is corrected by a server's time, unless the difference is within the header's resolution")
    func correction() {
        let clock = SystemClock()
        let local = clock.now
        clock.learn(serverTime: Timestamp(seconds: local.seconds + 1))
        #expect(clock.now - local < .seconds(60))
        clock.learn(serverTime: local + .seconds(3600))
        #expect(clock.now - local > .seconds(3590))
        clock.learn(serverTime: local - .seconds(3600))
        #expect(local - clock.now > .seconds(3500))
        #expect(clock.uptime <= clock.uptime)
    }
}
