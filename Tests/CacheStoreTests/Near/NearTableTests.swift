import SessionStore
import TestSupport
import Testing

@testable import CacheStore

@Suite("what a near cache keeps")
struct NearTableTests {
    private let hash = NearHash(seed: 7)
    private let now = Timestamp(seconds: 1_700_000_000)

    private func table(entries: Int = 64, isOn: Bool = true) -> NearTable {
        var table = NearTable(entries: entries, maxAge: .seconds(1))
        if isOn { table.trackingBegan() }
        return table
    }

    private func session(_ number: Int = 1, version: Int64 = 1) -> NearTable.Kept {
        let session = Session(key: .test("session-\(number)"), data: ["a": 1], version: SessionVersion(version))
        return NearTable.Kept(session: session, cachedAt: self.now, end: self.now + .seconds(60))
    }

    private func keep(_ kept: NearTable.Kept, in table: inout NearTable, at uptime: Duration = .seconds(5)) -> Bool {
        guard let ticket = table.readBegan(self.hash(kept.session.key), uptime: uptime) else { return false }
        return table.readFound(kept, ticket)
    }

    private func end(_ ticket: NearTable.Ticket, with kept: NearTable.Kept, in table: inout NearTable) -> Bool {
        table.readFound(kept, ticket)
    }

    private func found(_ number: Int = 1, in table: inout NearTable, after age: Duration = .zero, at time: Duration = .zero) -> Session? {
        let key = SessionKey.test("session-\(number)")
        return table.found(self.hash(key), key, now: self.now + time, uptime: .seconds(5) + age)?.session
    }

    @Test("what Redis answered with answers again, until maxAge has passed since that read began")
    func age() {
        var table = self.table()
        #expect(self.keep(self.session(), in: &table))
        #expect(self.found(in: &table, after: .seconds(1))?.data == ["a": 1])
        #expect(self.found(in: &table, after: .seconds(1) + .nanoseconds(1)) == nil)
        #expect(table.count == 0)
    }

    @Test("nothing answers past its end")
    func end() {
        var table = self.table()
        #expect(self.keep(self.session(), in: &table))
        #expect(self.found(in: &table, at: .seconds(60) - .milliseconds(1)) != nil)
        #expect(self.found(in: &table, at: .seconds(60)) == nil)
    }

    @Test("a change ends what is kept, of that session alone")
    func change() {
        var table = self.table()
        for number in 1...2 { #expect(self.keep(self.session(number), in: &table)) }
        table.changed(self.hash(.test("session-1")))
        #expect(self.found(1, in: &table) == nil)
        #expect(self.found(2, in: &table) != nil)
    }

    @Test("a change that comes while a read is under way forbids keeping what it answers")
    func inFlight() throws {
        var table = self.table()
        let kept = self.session()
        let key = self.hash(kept.session.key)
        let ticket = try #require(table.readBegan(key, uptime: .zero))
        table.changed(key)
        #expect(!self.end(ticket, with: kept, in: &table))
        #expect(table.count == 0)
        #expect(self.keep(kept, in: &table))
    }

    @Test("everything is forgotten, and reads under way are not kept, when all keys may have changed", arguments: [0, 1, 2])
    func everything(way: Int) throws {
        var table = self.table()
        for number in 1...5 { #expect(self.keep(self.session(number), in: &table)) }
        let kept = self.session(6)
        let ticket = try #require(table.readBegan(self.hash(kept.session.key), uptime: .zero))
        switch way {
        case 0: table.everythingChanged()
        case 1: table.trackingEnded()
        default: table.trackingBegan()
        }
        #expect(table.count == 0)
        #expect(!self.end(ticket, with: kept, in: &table))
        #expect(self.keep(kept, in: &table) == (way != 1))
    }

    @Test("nothing is kept while nobody tells of changes")
    func off() {
        var table = self.table(isOn: false)
        #expect(!self.keep(self.session(), in: &table))
        table.trackingBegan()
        #expect(self.keep(self.session(), in: &table))
        table.trackingEnded()
        #expect(self.found(in: &table) == nil)
        #expect(!self.keep(self.session(), in: &table))
    }

    @Test("an older version never takes the place of a newer one, nor does a read that began earlier")
    func order() throws {
        var table = self.table()
        let key = self.hash(.test("session-1"))
        let early = try #require(table.readBegan(key, uptime: .seconds(4)))
        #expect(self.keep(self.session(version: 2), in: &table))
        #expect(!self.keep(self.session(version: 1), in: &table))
        #expect(!self.end(early, with: self.session(version: 3), in: &table))
        #expect(self.found(in: &table)?.version == SessionVersion(2))
        #expect(self.keep(self.session(version: 3), in: &table))
        #expect(self.found(in: &table)?.version == SessionVersion(3))
    }

    @Test("a read that may not be kept ends what was kept before it: nobody goes back behind its answer")
    func refusedAndOlder() throws {
        var table = self.table()
        #expect(self.keep(self.session(version: 1), in: &table))
        // Another session whose changes are counted in the same place.
        let key = self.hash(.test("session-1"))
        let ticket = try #require(table.readBegan(key, uptime: .seconds(6)))
        table.changed(key ^ (1 << 63))
        #expect(self.found(in: &table) != nil)
        #expect(!self.end(ticket, with: self.session(version: 2), in: &table))
        #expect(self.found(in: &table) == nil)
    }

    @Test("no more sessions are kept than there are places, and what is used stays longest")
    func eviction() {
        var table = self.table(entries: 8)
        #expect(self.keep(self.session(0), in: &table))
        for number in 1..<100 {
            #expect(self.found(0, in: &table) != nil)
            #expect(self.keep(self.session(number), in: &table))
        }
        #expect(table.count == 8)
        #expect(self.found(0, in: &table) != nil)
    }

    @Test("Redis's name of a key and the caller's have the same hash; a user's memory and a session never share one")
    func hashes() throws {
        let user = try UserID("session-1")
        for length in [2, 7, 8, 9, 16, 36, 100] {
            let id = String(repeating: "a1", count: 50).prefix(length)
            #expect(self.hash(.session(try SessionID(id))) == self.hash(name: bytes("\(id)")[...]))
        }
        #expect(self.hash(.user(user)) == self.hash(name: bytes("user#session-1")[...]))
        #expect(self.hash(.user(user)) != self.hash(.test("session-1")))
        #expect(NearHash(seed: 8)(.test("session-1")) != self.hash(.test("session-1")))
        let hashes = Set((0..<10_000).map { self.hash(.test("session-\($0)")) })
        #expect(hashes.count == 10_000)
    }
}
