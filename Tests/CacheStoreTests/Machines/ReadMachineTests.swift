import SessionStore
import Testing

@testable import CacheStore

@Suite("what a read does with what the key holds")
struct ReadMachineTests {
    static let now = Timestamp(seconds: 1_700_000_000)
    static let key = SessionKey.test("session-1")
    static let policy = CachePolicy(CacheConfiguration(table: "t"))

    static func machine(_ caller: Caller = .anonymous) -> ReadMachine { ReadMachine(caller: caller, policy: self.policy) }

    static func live(
        owner: Caller = .anonymous, age: Duration = .seconds(1), ends: Timestamp? = now + .seconds(100), epoch: UInt64 = 7
    ) -> CacheEntry {
        let session = Session(key: self.key, data: ["a": 1], owner: owner.userID, version: SessionVersion(5), expiration: ends)
        return CacheEntry(.live(session), cachedAt: self.now - age, epoch: epoch)
    }

    private func act(_ state: CachedState) -> ReadMachine.Action? {
        switch Self.machine().replyReceived(state, bytes: [1, 2], epoch: 7, now: Self.now) {
        case .decided(let action): action
        case .open: nil
        }
    }

    /// Reads an entry to the end.
    private func act(_ entry: CacheEntry, as caller: Caller = .anonymous) -> ReadMachine.Action {
        let machine = Self.machine(caller)
        switch machine.replyReceived(.entry(entry.header), bytes: [1, 2], epoch: 7, now: Self.now) {
        case .decided(let action): return action
        case .open(let header, let age):
            #expect(header == entry.header)
            #expect(age == Self.now - entry.cachedAt)
            guard case .live(let session) = entry.content else { return .refuse }
            return machine.sessionOpened(session, bytes: [1, 2])
        }
    }

    @Test("nothing, and what is bad, are leased and filled; a lease and an intent are left alone")
    func states() {
        let missing = Self.machine().replyReceived(.none, bytes: nil, epoch: 7, now: Self.now)
        #expect(missing == .decided(.load(.fill(over: nil), joining: nil, .miss)))
        #expect(self.act(.bad) == .load(.fill(over: [1, 2]), joining: nil, .bad))
        #expect(Self.machine().sessionOpened(nil, bytes: [1, 2]) == .load(.fill(over: [1, 2]), joining: nil, .bad))
        #expect(self.act(.lease(.test(4))) == .load(.bypass, joining: .test(4), .bypass))
        #expect(self.act(.intent) == .load(.bypass, joining: nil, .bypass))
        #expect(Self.machine().replyFailed() == .load(.bypass, joining: nil, .failed))
    }

    @Test("a live entry answers")
    func hit() {
        guard case .answer(let session?, .hit) = self.act(Self.live(age: .seconds(7))) else {
            Issue.record("no hit")
            return
        }
        #expect(session.data == ["a": 1])
    }

    @Test("an owned session answers its owner and operators, nobody else")
    func ownership() {
        let entry = Self.live(owner: .test("ann"))
        for caller in [Caller.test("bob"), .anonymous] { #expect(self.act(entry, as: caller) == .refuse) }
        for caller in [Caller.test("ann"), .asOperator] {
            guard case .answer(_?, .hit) = self.act(entry, as: caller) else {
                Issue.record("refused")
                return
            }
        }
    }

    @Test("an entry that has ended by the reader's clock is bad, to the millisecond")
    func expiry() {
        #expect(self.act(Self.live(ends: Self.now)) == .load(.fill(over: [1, 2]), joining: nil, .bad))
        guard case .answer(_?, .hit) = self.act(Self.live(ends: Self.now + .milliseconds(1))) else {
            Issue.record("ended too early")
            return
        }
        let absent = CacheEntry(.absent(until: Self.now), cachedAt: Self.now - .seconds(5), epoch: 7)
        #expect(self.act(absent) == .load(.fill(over: [1, 2]), joining: nil, .bad))
    }

    @Test("an entry older than revalidateAfter, from the future, or of another server is checked")
    func recheck() {
        let recheck = ReadMachine.Action.load(.recheck(seen: [1, 2], epoch: 7), joining: nil, .recheck)
        #expect(self.act(Self.live(age: .milliseconds(60_001))) == recheck)
        #expect(self.act(Self.live(age: .seconds(60))) != recheck)
        #expect(self.act(Self.live(age: .milliseconds(-5001))) == recheck)
        #expect(self.act(Self.live(age: .seconds(-5))) != recheck)
        for epoch: UInt64 in [9, 0] { #expect(self.act(Self.live(epoch: epoch)) == recheck) }
        #expect(self.act(Self.live(age: .seconds(90), ends: nil)) == recheck)
        let old = CacheEntry(.tombstone(SessionVersion(5), until: Self.now + .seconds(9)), cachedAt: Self.now - .seconds(61), epoch: 7)
        #expect(self.act(old) == recheck)
    }

    @Test("an absent entry and a tombstone answer nil")
    func negative() {
        let until = Self.now + .seconds(3)
        #expect(self.act(CacheEntry(.absent(until: until), cachedAt: Self.now, epoch: 7)) == .answer(nil, .absent))
        let tombstone = CacheEntry(.tombstone(SessionVersion(5), until: until), cachedAt: Self.now, epoch: 7)
        #expect(self.act(tombstone) == .answer(nil, .tombstone))
    }
}
