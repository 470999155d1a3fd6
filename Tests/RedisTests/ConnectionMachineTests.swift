import TestSupport
import Testing

@testable import Redis

struct ConnectionMachineTests {
    private static let refused = RedisError.noConnection(underlying: "Connection refused")
    private static let dropped = RedisError.lost(underlying: "closed by the server")

    private func machine() -> ConnectionMachine {
        var backoff = RedisConfiguration.Backoff()
        backoff.initial = .milliseconds(100)
        backoff.maximum = .seconds(1)
        return ConnectionMachine(backoff: backoff, patience: .milliseconds(50))
    }

    @Test("the first command connects, others wait with it, and all are sent once Redis greeted")
    func connecting() {
        var machine = self.machine()
        #expect(machine.commandIssued(now: .zero) == .connectAndWait(attempt: 1))
        #expect(machine.commandIssued(now: .milliseconds(900)) == .wait)
        #expect(machine.attemptSucceeded(attempt: 1) == true)
        #expect(machine.isReady)
        #expect(machine.commandIssued(now: .milliseconds(901)) == .send)
    }

    @Test("after a failed attempt commands fail at once until the pause is over; the next one tries again")
    func backingOff() {
        var machine = self.machine()
        #expect(machine.commandIssued(now: .zero) == .connectAndWait(attempt: 1))
        #expect(machine.attemptFailed(attempt: 1, Self.refused, now: .seconds(1), jitter: 0) == .failAll(Self.refused))
        #expect(machine.state == .backingOff(until: .milliseconds(1050)))
        #expect(machine.commandIssued(now: .milliseconds(1049)) == .refuse(Self.refused))
        #expect(machine.commandIssued(now: .milliseconds(1050)) == .connectAndWait(attempt: 2))
    }

    @Test("an attempt that follows a failure is waited for as long as a command's deadline, and no longer")
    func patience() {
        var machine = self.machine()
        _ = machine.commandIssued(now: .zero)
        _ = machine.attemptFailed(attempt: 1, Self.refused, now: .zero, jitter: 0)
        #expect(machine.commandIssued(now: .seconds(1)) == .connectAndWait(attempt: 2))
        #expect(machine.commandIssued(now: .milliseconds(1049)) == .wait)
        #expect(machine.commandIssued(now: .milliseconds(1050)) == .refuse(Self.refused))
    }

    @Test("the pause doubles up to its maximum, and half of it is random", arguments: [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
    func pauses(jitter: Double, share: Double) {
        var machine = self.machine()
        var now = Duration.zero
        for pause in [100, 200, 400, 800, 1000, 1000] {
            guard case .connectAndWait(let attempt) = machine.commandIssued(now: now) else {
                Issue.record("no attempt")
                return
            }
            _ = machine.attemptFailed(attempt: attempt, Self.refused, now: now, jitter: jitter)
            now += .milliseconds(pause) * share
            #expect(machine.state == .backingOff(until: now))
        }
    }

    @Test("a connection that proved itself is replaced without a pause")
    func provenLoss() {
        var machine = self.machine()
        _ = machine.commandIssued(now: .zero)
        _ = machine.attemptSucceeded(attempt: 1)
        machine.replyReceived()
        #expect(machine.connectionLost(Self.dropped, now: .zero, jitter: 0) == .failAll(Self.dropped))
        #expect(machine.state == .disconnected)
        #expect(machine.commandIssued(now: .zero) == .connectAndWait(attempt: 2))
    }

    @Test("a connection that never answered a command, or fell silent, is replaced after a pause")
    func unprovenLoss() {
        for (proves, error) in [(false, Self.dropped), (true, RedisError.silence)] {
            var machine = self.machine()
            _ = machine.commandIssued(now: .zero)
            _ = machine.attemptSucceeded(attempt: 1)
            if proves { machine.replyReceived() }
            #expect(machine.connectionLost(error, now: .zero, jitter: 0) == .failAll(error))
            #expect(machine.state == .backingOff(until: .milliseconds(50)))
            guard case .refuse(let refusal) = machine.commandIssued(now: .zero) else {
                Issue.record("not refused")
                return
            }
            #expect(refusal.code == .unavailable)
            #expect(!refusal.mayHaveExecuted)
        }
    }

    @Test("a reply to a command ends the series of failures")
    func recovery() {
        var machine = self.machine()
        _ = machine.commandIssued(now: .zero)
        _ = machine.attemptFailed(attempt: 1, Self.refused, now: .zero, jitter: 0)
        _ = machine.commandIssued(now: .seconds(1))
        #expect(machine.attemptSucceeded(attempt: 2) == true)
        #expect(machine.failures == 1)
        machine.replyReceived()
        #expect(machine.failures == 0)
        #expect(machine.lastFailure == nil)
    }

    @Test("what refused the credentials is told to every caller as such")
    func refusalKeepsItsCode() {
        var machine = self.machine()
        _ = machine.commandIssued(now: .zero)
        let error = RedisError(server: RedisServerError(text: "WRONGPASS no"))
        _ = machine.attemptFailed(attempt: 1, error, now: .zero, jitter: 0)
        #expect(machine.commandIssued(now: .zero) == .refuse(error))
    }

    @Test("events of an earlier attempt or connection change nothing")
    func lateEvents() {
        var machine = self.machine()
        _ = machine.commandIssued(now: .zero)
        _ = machine.attemptFailed(attempt: 1, Self.refused, now: .zero, jitter: 0)
        #expect(machine.attemptSucceeded(attempt: 1) == false)
        _ = machine.commandIssued(now: .seconds(1))
        #expect(machine.attemptFailed(attempt: 1, Self.refused, now: .seconds(1), jitter: 0) == .ignore)
        #expect(machine.attemptSucceeded(attempt: 1) == false)
        #expect(machine.connectionLost(Self.dropped, now: .seconds(1), jitter: 0) == .ignore)
        #expect(machine.attemptSucceeded(attempt: 2) == true)
        #expect(machine.attemptFailed(attempt: 2, Self.refused, now: .seconds(1), jitter: 0) == .ignore)
    }

    @Test("a held connection makes commands wait, and goes on when it was vouched for")
    func held() {
        var machine = self.machine()
        #expect(machine.suspected() == false)
        _ = machine.commandIssued(now: .zero)
        _ = machine.attemptSucceeded(attempt: 1)
        #expect(machine.suspected() == true)
        #expect(machine.suspected() == false)
        #expect(machine.commandIssued(now: .zero) == .wait)
        #expect(machine.vouchedFor() == true)
        #expect(machine.vouchedFor() == false)
        #expect(machine.commandIssued(now: .zero) == .send)
    }

    @Test("a held connection that is condemned, or lost, is replaced at once: whoever waits goes on waiting")
    func condemned() {
        for isLost in [true, false] {
            var machine = self.machine()
            _ = machine.commandIssued(now: .zero)
            _ = machine.attemptSucceeded(attempt: 1)
            #expect(machine.condemned(now: .zero) == nil)
            _ = machine.suspected()
            if isLost {
                #expect(machine.connectionLost(Self.dropped, now: .zero, jitter: 0) == .failSent(Self.dropped, attempt: 2))
            } else {
                #expect(machine.condemned(now: .zero) == 2)
            }
            #expect(machine.commandIssued(now: .zero) == .wait)
            #expect(machine.attemptSucceeded(attempt: 2) == true)
        }
    }

    @Test("a connection is handed over, and taken over by one that has none")
    func handedOver() {
        var (giver, taker) = (self.machine(), self.machine())
        _ = giver.commandIssued(now: .zero)
        giver.handedOver()
        #expect(giver.state == .disconnected)
        #expect(taker.tookOver() == true)
        #expect(taker.isReady)
        #expect(taker.tookOver() == false)
        _ = giver.clientClosed()
        giver.handedOver()
        #expect(giver.state == .closed)
    }

    @Test("a closed client stays closed")
    func closed() {
        var machine = self.machine()
        _ = machine.commandIssued(now: .zero)
        #expect(machine.clientClosed() == .failAll(.clientClosed))
        #expect(machine.clientClosed() == .ignore)
        #expect(machine.attemptSucceeded(attempt: 1) == false)
        #expect(machine.commandIssued(now: .zero) == .refuse(.clientClosed))
    }

    @Test(
        "on random schedules there is one attempt at a time, nobody waits without one, and pauses keep to their bounds",
        arguments: 0..<200 as Range<UInt64>)
    func schedules(seed: UInt64) {
        var world = MachineWorld(machine: self.machine(), seed: seed)
        for _ in 0..<3000 { world.step() }
        #expect(world.marks.isSuperset(of: [.connected, .refused, .lost, .replaced]))
    }
}

/// A model of what the machine steers, which refuses actions that make no sense.
private struct MachineWorld {
    enum Mark: Hashable {
        case connected, refused, lost, replaced
    }

    private var machine: ConnectionMachine
    private var random: SeededGenerator
    private var now = Duration.zero
    private var attempts: [UInt64] = []
    private var isUp = false
    private var isHeld = false
    private var waiting = 0
    private(set) var marks: Set<Mark> = []

    init(machine: ConnectionMachine, seed: UInt64) {
        self.machine = machine
        self.random = SeededGenerator(seed: seed)
    }

    mutating func step() {
        self.now += .milliseconds(Int.random(in: 0..<60, using: &self.random))
        switch Int.random(in: 0..<12, using: &self.random) {
        case 0..<5: self.issueCommand()
        case 5: self.succeed()
        case 6: self.fail()
        case 7: self.lose()
        case 8: self.hold()
        case 9: self.judge()
        default: if self.isUp { self.machine.replyReceived() }
        }
        #expect(self.machine.isReady == (self.isUp && !self.isHeld))
        #expect(self.waiting == 0 || !self.attempts.isEmpty || self.isHeld)
    }

    private mutating func hold() {
        #expect(self.machine.suspected() == (self.isUp && !self.isHeld))
        if self.isUp { self.isHeld = true }
    }

    private mutating func judge() {
        guard Bool.random(using: &self.random) else {
            #expect(self.machine.vouchedFor() == self.isHeld)
            if self.isHeld { self.waiting = 0 }
            self.isHeld = false
            return
        }
        let attempt = self.machine.condemned(now: self.now)
        #expect((attempt != nil) == self.isHeld)
        guard let attempt else { return }
        (self.isHeld, self.isUp, self.attempts) = (false, false, [attempt])
        self.marks.insert(.replaced)
    }

    private mutating func issueCommand() {
        switch self.machine.commandIssued(now: self.now) {
        case .send: #expect(self.isUp && !self.isHeld)
        case .wait:
            #expect(self.isHeld || (!self.isUp && !self.attempts.isEmpty))
            self.waiting += 1
        case .connectAndWait(let attempt):
            #expect(!self.isUp && self.waiting == 0 && !self.attempts.contains(attempt))
            self.attempts = [attempt]
            self.waiting += 1
        case .refuse(let error):
            #expect(!self.isUp && !error.mayHaveExecuted)
            self.marks.insert(.refused)
        }
    }

    private mutating func succeed() {
        let attempt = self.attempts.last ?? 0
        #expect(self.machine.attemptSucceeded(attempt: attempt) == !self.attempts.isEmpty)
        if self.attempts.isEmpty { return }
        self.attempts = []
        self.isUp = true
        self.waiting = 0
        self.marks.insert(.connected)
    }

    private mutating func fail() {
        let ending = self.machine.attemptFailed(
            attempt: self.attempts.last ?? 0, .connectDeadline, now: self.now, jitter: .random(in: 0..<1, using: &self.random))
        #expect(ending == (self.attempts.isEmpty ? .ignore : .failAll(.connectDeadline)))
        if self.attempts.isEmpty { return }
        self.attempts = []
        self.waiting = 0
        guard case .backingOff(let until) = self.machine.state else {
            Issue.record("no pause")
            return
        }
        #expect((.milliseconds(50)...(.seconds(1))).contains(until - self.now))
    }

    private mutating func lose() {
        let error = Bool.random(using: &self.random) ? RedisError.silence : .lost(underlying: "reset")
        let ending = self.machine.connectionLost(error, now: self.now, jitter: .random(in: 0..<1, using: &self.random))
        if self.isHeld {
            guard case .failSent(error, let attempt) = ending else {
                Issue.record("not replaced")
                return
            }
            self.attempts = [attempt]
        } else {
            #expect(ending == (self.isUp ? .failAll(error) : .ignore))
        }
        if self.isUp { self.marks.insert(.lost) }
        self.isUp = false
        self.isHeld = false
    }
}
