import SessionStore
import Testing

@testable import CacheStore

@Suite("the steps of a write")
struct WriteMachineTests {
    private let now = Timestamp(seconds: 1_700_000_000)
    private let policy = CachePolicy(CacheConfiguration(table: "t"))
    private let start = Duration.seconds(1000)

    private func machine() -> WriteMachine { WriteMachine(policy: self.policy, startedAt: self.start) }

    @Test("an intent that stands long enough is not renewed; one that may end too soon is, before each attempt")
    func renewal() {
        var machine = self.machine()
        machine.intentAnswered(standsAt: 7, sentAt: self.start)
        #expect(machine.attemptStarting(uptime: self.start) == .proceed)
        #expect(machine.attemptStarting(uptime: self.start + .seconds(4)) == .proceed)
        var thawed = self.machine()
        thawed.intentAnswered(standsAt: 7, sentAt: self.start)
        #expect(thawed.attemptStarting(uptime: self.start + .seconds(600)) == .renew, "frozen between intent and first attempt")
        thawed.intentAnswered(standsAt: 7, sentAt: self.start + .seconds(600))
        #expect(thawed.attemptStarting(uptime: self.start + .seconds(601)) == .giveUp, "the budget is used up")
    }

    @Test("the first attempt goes on without an intent, later ones try to announce again")
    func withoutIntent() {
        for mayHaveArrived in [true, false] {
            var machine = self.machine()
            machine.intentFailed(mayHaveArrived: mayHaveArrived)
            #expect(machine.attemptStarting(uptime: self.start) == .proceed)
            #expect(machine.attemptStarting(uptime: self.start + .seconds(1)) == .renew)
        }
        var machine = self.machine()
        machine.intentAnswered(standsAt: nil, sentAt: self.start)
        #expect(machine.attemptStarting(uptime: self.start) == .proceed)
        #expect(machine.attemptStarting(uptime: self.start + .seconds(1)) == .renew)
    }

    @Test("no attempt starts when the budget is used up, but the first always does")
    func budget() {
        var machine = self.machine()
        machine.intentAnswered(standsAt: 7, sentAt: self.start)
        #expect(machine.attemptStarting(uptime: self.start + .seconds(5)) == .proceed)
        #expect(machine.attemptStarting(uptime: self.start + .seconds(5)) == .giveUp)
    }

    @Test("the basis comes from the entry that the intent replaced, if it had not ended")
    func basis() {
        let session = { (ends: Int64) in
            Session(key: .test("session-1"), data: [:], version: SessionVersion(5), expiration: self.now + .seconds(ends))
        }
        let state = { (content: CacheEntry.Content) in CachedState.entry(CacheEntry(content, cachedAt: self.now, epoch: 0).header) }
        let until = self.now + .seconds(9)
        let cases: [(CachedState, SessionWrite.Basis)] = [
            (state(.live(session(1))), .live(SessionVersion(5))), (state(.live(session(0))), .unknown),
            (state(.absent(until: until)), .absent),
            (state(.tombstone(SessionVersion(7), until: until)), .deleted(SessionVersion(7))), (.none, .unknown),
            (.bad, .unknown),
            (.intent, .unknown), (.lease(.test(1)), .unknown),
        ]
        for (state, basis) in cases { #expect(WriteMachine.basis(from: state, now: self.now) == basis) }
    }

    @Test("a write is published: a session as it is, a deletion as a tombstone of an hour")
    func publish() {
        var machine = self.machine()
        machine.intentAnswered(standsAt: 7, sentAt: self.start)
        let session = Session(key: .test("session-1"), data: [:], version: SessionVersion(5), expiration: self.now + .seconds(50))
        let written = WriteResult(session: session, version: SessionVersion(5), changed: true)
        guard case .publish(SessionVersion(5), let entry) = machine.tableAnswered(written, askedAt: self.now, now: self.now) else {
            Issue.record("not published")
            return
        }
        #expect(entry.end == .at(milliseconds: (self.now.seconds + 50) * 1000))
        guard case .entry(let header) = EntryDecoder.state(of: entry.bytes) else {
            Issue.record("not an entry")
            return
        }
        #expect(header.epoch == 7, "that of the intent")
        let deleted = WriteResult(session: nil, version: SessionVersion(6), changed: true)
        guard case .publish(SessionVersion(6), let tombstone) = machine.tableAnswered(deleted, askedAt: self.now, now: self.now) else {
            Issue.record("not published")
            return
        }
        #expect(tombstone.end == .at(milliseconds: (self.now.seconds + 3600) * 1000))
        #expect(tombstone.bytes.first == UInt8(ascii: "T"))
    }

    @Test("what wrote nothing for certain withdraws, what may have written leaves the intent")
    func failures() {
        let certain: [SessionStoreError.Code] = [
            .invalidValue, .tooLarge, .notOwner, .malformedItem, .conflict, .throttled, .overloaded, .tableMissing, .accessDenied,
            .misconfigured,
        ]
        let uncertain: [SessionStoreError.Code] = [.outcomeUnknown, .unavailable, .deadlineExceeded, .cancelled, .closed]
        for arrived in [true, false] {
            var machine = self.machine()
            machine.intentFailed(mayHaveArrived: arrived)
            for code in certain { #expect(machine.tableFailed(SessionStoreError(code, "")) == (arrived ? .withdraw : .leave)) }
            for code in uncertain { #expect(machine.tableFailed(SessionStoreError(code, "")) == .leave) }
            let nothing = WriteResult(session: nil, version: nil, changed: false)
            #expect(machine.tableAnswered(nothing, askedAt: self.now, now: self.now) == (arrived ? .withdraw : .leave))
        }
        var machine = self.machine()
        machine.intentAnswered(standsAt: 7, sentAt: self.start)
        machine.intentFailed(mayHaveArrived: false)
        #expect(machine.tableFailed(SessionStoreError(.conflict, "")) == .withdraw, "a failed renewal leaves the first intent in place")
    }

    @Test("a store without versions leaves the intent to expire")
    func unversioned() {
        let result = WriteResult(session: nil, version: nil, changed: true)
        #expect(self.machine().tableAnswered(result, askedAt: self.now, now: self.now) == .leave)
    }

    @Test("a publish is tried four times with growing pauses, within the budget")
    func retries() {
        var machine = self.machine()
        #expect(machine.publishFailed(uptime: self.start, isCacheDown: false) == .again(after: .milliseconds(10)))
        #expect(machine.publishFailed(uptime: self.start, isCacheDown: false) == .again(after: .milliseconds(40)))
        #expect(machine.publishFailed(uptime: self.start, isCacheDown: false) == .again(after: .milliseconds(160)))
        #expect(machine.publishFailed(uptime: self.start, isCacheDown: false) == .pending)
        var late = self.machine()
        #expect(late.publishFailed(uptime: self.start + .seconds(5), isCacheDown: false) == .pending)
    }

    @Test("an entry carries the epoch of the server where the intent stood last")
    func epoch() {
        var machine = self.machine()
        machine.intentAnswered(standsAt: 7, sentAt: self.start)
        #expect(self.publishedEpoch(machine) == 7)
        machine.intentAnswered(standsAt: 8, sentAt: self.start)
        #expect(self.publishedEpoch(machine) == 8)
    }

    @Test(
        "a write that may have touched the table without a standing intent stores no entry: its intent may arrive when a later write has published"
    )
    func exposed() {
        for mayHaveArrived in [true, false] {
            var machine = self.machine()
            machine.intentFailed(mayHaveArrived: mayHaveArrived)
            #expect(self.publishedEpoch(machine) == nil)
            machine.intentAnswered(standsAt: 7, sentAt: self.start)
            #expect(self.publishedEpoch(machine) == nil, "an attempt before the renewal may be the one that wrote")
        }
        var machine = self.machine()
        machine.intentAnswered(standsAt: nil, sentAt: self.start)
        #expect(self.publishedEpoch(machine) == nil)
    }

    /// The epoch of the entry that a successful write publishes; nil: it publishes its version without an entry.
    private func publishedEpoch(_ machine: WriteMachine) -> UInt64? {
        let session = Session(key: .test("session-1"), data: [:], version: SessionVersion(5), expiration: self.now + .seconds(50))
        let written = WriteResult(session: session, version: SessionVersion(5), changed: true)
        guard case .publish(_, let entry) = machine.tableAnswered(written, askedAt: self.now, now: self.now),
            case .entry(let header) = EntryDecoder.state(of: entry.bytes)
        else { return nil }
        return header.epoch
    }

    @Test("a publish is not tried again while the cache is down")
    func cacheDown() {
        var machine = self.machine()
        #expect(machine.publishFailed(uptime: self.start, isCacheDown: true) == .pending)
        var recovering = self.machine()
        #expect(recovering.publishFailed(uptime: self.start, isCacheDown: false) == .again(after: .milliseconds(10)))
        #expect(recovering.publishFailed(uptime: self.start, isCacheDown: true) == .pending)
    }

    @Test("with writePolicy consistent the table is touched only under an intent that stands")
    func writePolicy() {
        var configuration = CacheConfiguration(table: "t")
        configuration.writePolicy = .consistent
        for (policy, writesWithoutIntent) in [(self.policy, true), (CachePolicy(configuration), false)] {
            var machine = WriteMachine(policy: policy, startedAt: self.start)
            #expect(machine.mayWrite == writesWithoutIntent)
            machine.intentAnswered(standsAt: nil, sentAt: self.start)
            #expect(machine.mayWrite == writesWithoutIntent, "no memory for it")
            #expect(machine.refused() == .leave)
            machine.intentFailed(mayHaveArrived: true)
            #expect(machine.mayWrite == writesWithoutIntent)
            #expect(machine.refused() == .withdraw)
            machine.intentAnswered(standsAt: 7, sentAt: self.start)
            #expect(machine.mayWrite)
            machine.intentFailed(mayHaveArrived: false)
            #expect(machine.mayWrite == writesWithoutIntent, "a renewal that failed")
        }
    }
}
