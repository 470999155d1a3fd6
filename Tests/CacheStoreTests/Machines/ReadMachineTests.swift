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
        case .open(let header, let age, _):
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
        #expect(Self.machine().cacheRefused() == .load(.bypass, joining: nil, .skipped))
    }

    @Test("a live entry answers")
    func hit() {
        #expect(self.act(Self.live(age: .seconds(7))) == .answer(.hit))
    }

    @Test("an owned session answers its owner and operators, nobody else")
    func ownership() {
        let entry = Self.live(owner: .test("ann"))
        for caller in [Caller.test("bob"), .anonymous] { #expect(self.act(entry, as: caller) == .refuse) }
        for caller in [Caller.test("ann"), .asOperator] {
            #expect(self.act(entry, as: caller) == .answer(.hit))
        }
    }

    @Test("an entry that has ended by the reader's clock is bad, to the millisecond")
    func expiry() {
        #expect(self.act(Self.live(ends: Self.now)) == .load(.fill(over: [1, 2]), joining: nil, .bad))
        #expect(self.act(Self.live(ends: Self.now + .milliseconds(1))) == .answer(.hit), "ended too early")
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
        #expect(self.act(CacheEntry(.absent(until: until), cachedAt: Self.now, epoch: 7)) == .answer(.absent))
        let tombstone = CacheEntry(.tombstone(SessionVersion(5), until: until), cachedAt: Self.now, epoch: 7)
        #expect(self.act(tombstone) == .answer(.tombstone))
    }

    @Test("a live entry is renewed behind its answer from half of revalidateAfter on, unless nothing may go on there")
    func renewal() {
        let isDue = { (age: Duration, configure: (inout CacheConfiguration) -> Void) -> Bool? in
            var configuration = CacheConfiguration(table: "t")
            configure(&configuration)
            let machine = ReadMachine(caller: .anonymous, policy: CachePolicy(configuration))
            let state = CachedState.entry(Self.live(age: age).header)
            guard case .open(_, _, let isDue) = machine.replyReceived(state, bytes: [1], epoch: 7, now: Self.now) else { return nil }
            return isDue
        }
        #expect(isDue(.seconds(30)) { _ in } == false)
        #expect(isDue(.milliseconds(30_001)) { _ in } == true)
        #expect(isDue(.milliseconds(10_001)) { $0.refreshAfter = .seconds(10) } == true)
        #expect(isDue(.seconds(60)) { $0.refresh = .inline } == false)
        #expect(isDue(.milliseconds(60_001)) { $0.refresh = .inline } == nil, "checked")
    }

    /// What a read comes to when its check has failed with `code`, and the age of what it then answers.
    private func stale(
        _ code: SessionStoreError.Code, _ entry: CacheEntry, as caller: Caller = .anonymous
    ) -> (action: ReadMachine.Action, age: Duration)? {
        let machine = Self.machine(caller)
        guard let found = machine.checkFailed(SessionStoreError(code, ""), seen: .entry(entry.header), now: Self.now),
            case .live(let session) = entry.content, let action = machine.staleSessionOpened(session)
        else { return nil }
        return (action, found.age)
    }

    @Test("while the table is out, an entry due for a check answers, labelled with its age")
    func staleAnswer() {
        for code: SessionStoreError.Code in [.unavailable, .throttled, .deadlineExceeded] {
            let answer = self.stale(code, Self.live(age: .seconds(90)))
            #expect(answer?.action == .answer(.recheck) && answer?.age == .seconds(90), "after \(code.label)")
        }
        let others: [SessionStoreError.Code] = [
            .notOwner, .malformedItem, .accessDenied, .tableMissing, .misconfigured, .cancelled, .closed, .overloaded, .outcomeUnknown,
        ]
        for code in others { #expect(self.stale(code, Self.live(age: .seconds(90))) == nil) }
    }

    @Test("no stale answer comes from an entry that has ended, is from the future, says that there is none, or is another user's")
    func noStaleAnswer() {
        #expect(self.stale(.unavailable, Self.live(age: .seconds(90), ends: Self.now)) == nil)
        #expect(self.stale(.unavailable, Self.live(age: .seconds(-6))) == nil)
        let until = Self.now + .seconds(3)
        #expect(self.stale(.unavailable, CacheEntry(.absent(until: until), cachedAt: Self.now, epoch: 0)) == nil)
        #expect(self.stale(.unavailable, CacheEntry(.tombstone(SessionVersion(5), until: until), cachedAt: Self.now, epoch: 0)) == nil)
        #expect(self.stale(.unavailable, Self.live(owner: .test("ann"), age: .seconds(90)), as: .test("bob"))?.action == .refuse)
        for state in [CachedState.none, .bad, .intent, .lease(.test(1))] {
            #expect(Self.machine().checkFailed(.outage, seen: state, now: Self.now) == nil)
        }
        #expect(Self.machine().staleSessionOpened(nil) == nil)
    }

    @Test("an entry of another server answers stale even if it is young")
    func staleOfAnotherServer() {
        let answer = self.stale(.unavailable, Self.live(age: .seconds(2), epoch: 9))
        #expect(answer?.action == .answer(.recheck) && answer?.age == .seconds(2))
    }
}
