import Testing

@testable import Redis

@Suite("when a feed of invalidations is begun again")
struct FeedMachineTests {
    private let lost = FeedMachine.Ending.lost
    private let down = FeedMachine.Ending.failed(.noConnection(underlying: nil))

    @Test("a loss is told once, attempts after it are not, and its end is")
    func lines() {
        var machine = FeedMachine()
        #expect(machine.began() == nil)
        #expect(machine.ended(self.lost, jitter: 0).line == .lost)
        #expect(machine.ended(self.down, jitter: 0).line == nil)
        #expect(machine.ended(self.down, jitter: 0).line == nil)
        #expect(machine.began() == .back)
        #expect(machine.ended(self.lost, jitter: 0).line == .lost)
    }

    @Test("pauses double up to five seconds, half of each at random, and begin anew when the feed was up")
    func pauses() {
        var machine = FeedMachine()
        var pauses: [Duration] = []
        for _ in 0..<10 { pauses.append(machine.ended(self.down, jitter: 1).pause ?? .zero) }
        #expect(pauses.prefix(3) == [.milliseconds(50), .milliseconds(100), .milliseconds(200)])
        #expect(pauses.last == .seconds(5))
        _ = machine.began()
        #expect(machine.ended(self.lost, jitter: 0).pause == .milliseconds(25))
    }

    @Test("a refusal, a cluster and a closed client are final; the first two are told")
    func final() {
        var machine = FeedMachine()
        #expect(machine.ended(.failed(RedisError(.permission, "")), jitter: 0) == .init(line: .refused, pause: nil))
        #expect(machine.ended(.failed(RedisError(.refused, "")), jitter: 0) == .init(line: .refused, pause: nil))
        #expect(machine.ended(.cluster, jitter: 0) == .init(line: .cluster, pause: nil))
        #expect(machine.ended(.failed(.clientClosed), jitter: 0) == .init(line: nil, pause: nil))
        #expect(machine.ended(.failed(RedisError(.loading, "")), jitter: 0).pause != nil)
    }
}
