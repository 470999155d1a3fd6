import TestSupport
import Testing

@testable import Redis

struct RecoveryMachineTests {
    typealias Machine = RecoveryMachine

    private static let here = NodeAddress(host: "10.0.0.1", port: 7000)
    private static let there = NodeAddress(host: "10.0.0.2", port: 7001)
    private static let slot = HashSlot(3999)!
    private static let lostAfterSending = RedisError.lost(underlying: "reset").executed(maybe: true)
    private static let lostBefore = RedisError.lost(underlying: "reset")
    private static let refused = RedisError.noConnection(underlying: "Connection refused")

    private static func said(_ text: String) -> Machine.Event { .refused(RedisServerError(text: text), by: self.here) }
    private static func again(_ pause: Duration, _ route: Machine.Route, _ repair: Machine.Repair) -> Machine.Action {
        .again(after: pause, over: route, repair)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var event: Machine.Event
        var cluster: Machine.Action
        var single: Machine.Action
        var isRead = false

        var testDescription: String { self.name }

        init(_ name: String, _ event: Machine.Event, cluster: Machine.Action, single: Machine.Action, isRead: Bool = false) {
            (self.name, self.event, self.cluster, self.single, self.isRead) = (name, event, cluster, single, isRead)
        }
    }

    /// Each state of a server and of a connection, with its own answer. Pauses are 2 ms, half of it random.
    private static let rows: [Row] = [
        Row(
            "MOVED", said("MOVED 3999 10.0.0.2:7001"), cluster: again(.zero, .node(there), .moved(slot, to: there)), single: .giveUp(.none)),
        Row(
            "MOVED to this very host", said("MOVED 3999 :7001"),
            cluster: again(
                .zero, .node(NodeAddress(host: "10.0.0.1", port: 7001)), .moved(slot, to: NodeAddress(host: "10.0.0.1", port: 7001))),
            single: .giveUp(.none)),
        Row("MOVED to nowhere", said("MOVED 3999 what"), cluster: .giveUp(.none), single: .giveUp(.none)),
        Row("ASK", said("ASK 3999 10.0.0.2:7001"), cluster: again(.zero, .asking(there), .none), single: .giveUp(.none)),
        Row(
            "TRYAGAIN", said("TRYAGAIN Multiple keys request during rehashing of slot"), cluster: again(.milliseconds(1), .map, .none),
            single: again(.milliseconds(1), .map, .none)),
        Row("CLUSTERDOWN", said("CLUSTERDOWN x"), cluster: again(.milliseconds(1), .map, .refresh), single: .giveUp(.none)),
        Row(
            "LOADING", said("LOADING x"), cluster: again(.milliseconds(1), .map, .refresh), single: again(.milliseconds(1), .map, .none)),
        Row("READONLY", said("READONLY x"), cluster: again(.milliseconds(1), .map, .refresh), single: again(.zero, .map, .renew)),
        Row("MASTERDOWN", said("MASTERDOWN x"), cluster: again(.milliseconds(1), .map, .refresh), single: again(.zero, .map, .renew)),
        Row("any other error", said("WRONGTYPE x"), cluster: .giveUp(.none), single: .giveUp(.none)),
        Row("OOM", said("OOM x"), cluster: .giveUp(.none), single: .giveUp(.none)),
        Row("NOSCRIPT", said("NOSCRIPT x"), cluster: .giveUp(.none), single: .giveUp(.none)),
        Row("a write that was lost on the way", .failed(lostAfterSending), cluster: .giveUp(.refresh), single: .giveUp(.none)),
        Row(
            "a read that was lost on the way", .failed(lostAfterSending), cluster: again(.milliseconds(1), .map, .refresh),
            single: again(.zero, .map, .none), isRead: true),
        Row(
            "a write that never left", .failed(lostBefore), cluster: again(.milliseconds(1), .map, .refresh),
            single: again(.zero, .map, .none)),
        Row("no connection", .failed(refused), cluster: again(.milliseconds(1), .map, .refresh), single: .giveUp(.none)),
        Row("a node that is a replica", .failed(.replica), cluster: again(.milliseconds(1), .map, .refresh), single: .giveUp(.none)),
        Row("a node that lost its slots", .failed(.retired), cluster: again(.milliseconds(1), .map, .refresh), single: .giveUp(.none)),
        Row("wrong password", .failed(RedisError(.authentication, "x")), cluster: .giveUp(.none), single: .giveUp(.none)),
        Row("a broken reply", .failed(.unsolicited), cluster: .giveUp(.none), single: .giveUp(.none), isRead: true),
    ]

    @Test("each trouble has its own answer", arguments: rows)
    func table(row: Row) {
        for isCluster in [true, false] {
            var machine = Machine(isCluster: isCluster, isRead: row.isRead)
            let action = machine.happened(row.event, now: .zero, deadline: .milliseconds(50), jitter: 0)
            #expect(action == (isCluster ? row.cluster : row.single), "in a cluster: \(isCluster)")
        }
    }

    @Test("what was lost is sent again once, and no more", arguments: [true, false])
    func once(isCluster: Bool) {
        var machine = Machine(isCluster: isCluster, isRead: true)
        let event = Machine.Event.failed(Self.lostAfterSending)
        guard case .again = machine.happened(event, now: .zero, deadline: .seconds(1), jitter: 0) else {
            Issue.record("not sent again")
            return
        }
        #expect(machine.happened(event, now: .zero, deadline: .seconds(1), jitter: 0) == .giveUp(isCluster ? .refresh : .none))
    }

    @Test("nothing is sent again that could not be answered before its deadline, and the map is mended all the same")
    func deadline() {
        for (text, repair) in [
            ("MOVED 3999 10.0.0.2:7001", Machine.Repair.moved(Self.slot, to: Self.there)), ("CLUSTERDOWN x", .refresh),
            ("TRYAGAIN x", .none),
        ] {
            var machine = Machine(isCluster: true, isRead: false)
            #expect(
                machine.happened(Self.said(text), now: .milliseconds(50), deadline: .milliseconds(50), jitter: 0) == .giveUp(repair))
        }
    }

    @Test("nodes that point at each other are given pauses after three steps; pauses double, up to a tenth of a second")
    func pauses() {
        var machine = Machine(isCluster: true, isRead: false)
        var pauses: [Duration] = []
        for _ in 0..<12 {
            guard
                case .again(let pause, _, _) = machine.happened(
                    Self.said("MOVED 3999 10.0.0.2:7001"), now: .zero, deadline: .seconds(9), jitter: 1)
            else { continue }
            pauses.append(pause)
        }
        #expect(pauses == [0, 0, 0, 2, 4, 8, 16, 32, 64, 100, 100, 100].map { .milliseconds($0) })
    }

    @Test("a second replica behind the name of a primary ends it")
    func replicas() {
        var machine = Machine(isCluster: false, isRead: false)
        #expect(machine.happened(Self.said("READONLY x"), now: .zero, deadline: .seconds(1), jitter: 0) == Self.again(.zero, .map, .renew))
        #expect(machine.happened(Self.said("READONLY x"), now: .zero, deadline: .seconds(1), jitter: 0) == .giveUp(.renew))
    }

    @Test(
        "on random schedules every command comes to an end before its deadline, and no write that may have been executed is sent again",
        arguments: 0..<200 as Range<UInt64>)
    func schedules(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let isRead = Bool.random(using: &random)
            var machine = Machine(isCluster: .random(using: &random), isRead: isRead)
            var now = Duration.zero
            let deadline = Duration.milliseconds(Int.random(in: 1...500, using: &random))
            var steps = 0
            while steps < 2000 {
                steps += 1
                let event = Self.rows.randomElement(using: &random)!.event
                let action = machine.happened(event, now: now, deadline: deadline, jitter: .random(in: 0..<1, using: &random))
                guard case .again(let pause, _, _) = action else { break }
                if case .failed(let error) = event { #expect(isRead || !error.mayHaveExecuted) }
                #expect(now + pause < deadline)
                // The way there and back takes some time as well.
                now += pause + .microseconds(200)
            }
            #expect(steps < 2000)
        }
    }
}
