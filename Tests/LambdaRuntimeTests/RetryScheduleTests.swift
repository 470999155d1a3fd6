import Testing

@testable import LambdaRuntime

@Suite("The retry schedule")
struct RetryScheduleTests {
    @Test("pauses double up to the longest, then it is given up")
    func pauses() {
        var schedule = RetrySchedule()
        let pauses = (0..<11).map { _ in schedule.failed() }
        let milliseconds = [10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000]
        #expect(pauses == milliseconds.map { .milliseconds($0) } + [nil])
        #expect(schedule.failed() == nil)
    }

    @Test("a success starts it anew")
    func success() {
        var schedule = RetrySchedule()
        for _ in 0..<10 { _ = schedule.failed() }
        schedule.succeeded()
        #expect(schedule.failed() == .milliseconds(10))
    }

    @Test("very long schedules do not overflow")
    func long() {
        var schedule = RetrySchedule()
        schedule.maximumFailures = 1000
        for _ in 0..<999 { _ = schedule.failed() }
        #expect(schedule.failed() == .seconds(1))
    }
}
