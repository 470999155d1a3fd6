import SessionStore
import Testing

@testable import CacheStore

@Suite("shared flights")
struct FlightTableTests {
    private var table = FlightTable<String>()
    private let key = SessionKey.test("session-1")

    private func reader(
        _ id: UInt64, began: UInt64 = 0, lease: Token? = nil, key: SessionKey? = nil, deadline: Duration = .seconds(5)
    ) -> FlightTable<String>.Reader {
        FlightTable<String>.Reader(id: id, key: key ?? self.key, began: began, lease: lease, deadline: deadline)
    }

    @Test("the first read starts a flight, others join it until its request leaves")
    mutating func joinBefore() {
        #expect(self.table.arrived(self.reader(1), "a", fresh: nil) == .needsToken)
        #expect(self.table.arrived(self.reader(1), "a", fresh: .test(1)) == .start)
        #expect(self.table.arrived(self.reader(2), "b", fresh: .test(2)) == .joined)
        #expect(self.table.arrived(self.reader(3, key: .test("session-2")), "c", fresh: .test(3)) == .start)
        #expect(self.table.ended(.test(1)) == ["a", "b"])
        #expect(self.table.ended(.test(3)) == ["c"])
        #expect(self.table.count == 0)
    }

    @Test("a read that began after the request left starts the next flight, which others join")
    mutating func noJoinAfter() {
        #expect(self.table.arrived(self.reader(1), "a", fresh: .test(1)) == .start)
        self.table.requestHandedOver(.test(1), place: 1)
        #expect(self.table.arrived(self.reader(2, began: 1), "b", fresh: nil) == .needsToken)
        #expect(self.table.arrived(self.reader(2, began: 1), "b", fresh: .test(2)) == .start)
        #expect(self.table.arrived(self.reader(3, began: 1), "c", fresh: .test(3)) == .joined)
        #expect(self.table.ended(.test(1)) == ["a"])
        #expect(self.table.arrived(self.reader(4, began: 1), "d", fresh: .test(4)) == .joined)
        #expect(self.table.ended(.test(2)) == ["b", "c", "d"])
    }

    @Test("a read that began before the request left may come late")
    mutating func lateArrival() {
        #expect(self.table.arrived(self.reader(1, began: 6), "a", fresh: .test(1)) == .start)
        self.table.requestHandedOver(.test(1), place: 7)
        #expect(self.table.arrived(self.reader(2, began: 6), "b", fresh: .test(2)) == .joined)
        #expect(self.table.arrived(self.reader(3, began: 7), "c", fresh: nil) == .needsToken)
    }

    @Test("a read whose own GET returned the flight's lease joins it at any time, for that session only")
    mutating func joinByLease() {
        #expect(self.table.arrived(self.reader(1), "a", fresh: .test(1)) == .start)
        self.table.requestHandedOver(.test(1), place: 1)
        #expect(self.table.arrived(self.reader(2, began: 9, lease: .test(1)), "b", fresh: .test(2)) == .joined)
        #expect(self.table.arrived(self.reader(3, began: 9, lease: .test(8)), "c", fresh: nil) == .needsToken)
        #expect(self.table.arrived(self.reader(4, began: 9, lease: .test(1), key: .test("session-2")), "d", fresh: nil) == .needsToken)
        #expect(self.table.ended(.test(1)) == ["a", "b"])
        #expect(self.table.arrived(self.reader(5, began: 9, lease: .test(1)), "e", fresh: nil) == .needsToken)
    }

    @Test("a waiter that leaves is answered once, and the flight goes on for the others")
    mutating func leaving() {
        #expect(self.table.arrived(self.reader(1), "a", fresh: .test(1)) == .start)
        #expect(self.table.arrived(self.reader(2), "b", fresh: .test(2)) == .joined)
        #expect(self.table.left(1) == "a")
        #expect(self.table.left(1) == nil)
        #expect(self.table.left(9) == nil)
        #expect(self.table.count == 1)
        #expect(self.table.ended(.test(1)) == ["b"])
        #expect(self.table.left(2) == nil)
    }

    @Test("a flight that all have left can still be joined")
    mutating func empty() {
        #expect(self.table.arrived(self.reader(1), "a", fresh: .test(1)) == .start)
        #expect(self.table.left(1) == "a")
        #expect(self.table.arrived(self.reader(2), "b", fresh: .test(2)) == .joined)
        #expect(self.table.ended(.test(1)) == ["b"])
        #expect(self.table.ended(.test(1)) == [])
    }

    @Test("whoever has waited for its time leaves; one watch serves all, and ends with the last")
    mutating func deadlines() {
        #expect(self.table.arrived(self.reader(1, deadline: .seconds(5)), "a", fresh: .test(1)) == .start)
        #expect(self.table.watchStarts() == true)
        #expect(self.table.watchStarts() == false)
        for (id, name) in [(2, "b"), (3, "c"), (4, "d")] as [(UInt64, String)] {
            #expect(self.table.arrived(self.reader(id, deadline: .seconds(5 + Int64(id))), name, fresh: .test(9)) == .joined)
        }
        #expect(self.table.left(2) == "b")
        var reached = self.table.deadlinesReached(now: .milliseconds(4999))
        #expect(reached.late.isEmpty && reached.next == .seconds(5))
        reached = self.table.deadlinesReached(now: .seconds(5))
        #expect(reached.late == ["a"])
        #expect(reached.next == .seconds(8), "who left before is not waited for")
        #expect(self.table.left(1) == nil)
        #expect(self.table.ended(.test(1)) == ["c", "d"])
        reached = self.table.deadlinesReached(now: .seconds(6))
        #expect(reached.late.isEmpty && reached.next == nil)
        #expect(self.table.watchStarts() == true, "the next reader needs a new watch")
    }

    @Test("an entry is renewed by one flight at a time, not beside a load, and only so many at once")
    mutating func renewals() {
        #expect(self.table.renewalDue(self.key, fresh: .test(1), limit: 2) == .start)
        #expect(self.table.renewalDue(self.key, fresh: .test(2), limit: 2) == .underWay)
        #expect(self.table.renewalDue(.test("session-2"), fresh: .test(2), limit: 2) == .start)
        #expect(self.table.renewalDue(.test("session-3"), fresh: .test(3), limit: 2) == .left)
        #expect(self.table.arrived(self.reader(1), "a", fresh: .test(4)) == .joined, "its request has not left")
        #expect(self.table.ended(.test(1)) == ["a"])
        #expect(self.table.arrived(self.reader(2, key: .test("session-3")), "b", fresh: .test(5)) == .start)
        #expect(self.table.renewalDue(.test("session-3"), fresh: .test(6), limit: 2) == .underWay)
        #expect(self.table.renewalDue(self.key, fresh: .test(7), limit: 2) == .start)
    }
}
