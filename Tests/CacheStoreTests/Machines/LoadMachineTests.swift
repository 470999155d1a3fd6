import SessionStore
import Testing

@testable import CacheStore

@Suite("the steps of a load")
struct LoadMachineTests {
    private let now = Timestamp(seconds: 1_700_000_000)
    private let policy = CachePolicy(CacheConfiguration(table: "t"))

    private func session(ends seconds: Int64? = 100, size: Int = 1) -> Session {
        Session(
            key: .test("session-1"), data: ["a": .string(String(repeating: "x", count: size))], version: SessionVersion(5),
            expiration: seconds.map { self.now + .seconds($0) })
    }

    private func closing(
        _ plan: LoadPlan, granted: Bool, _ session: Session?, took: Duration = .zero, jitter: Double = 0
    ) -> LoadMachine.Closing {
        var machine = LoadMachine(plan, policy: self.policy, jitter: jitter)
        if case .lease = machine.started() { machine.leaseAnswered(grantedAt: granted ? 7 : nil) }
        return machine.tableAnswered(session, askedAt: self.now, now: self.now + took)
    }

    @Test("a fill asks for the lease first, over what was seen")
    func opening() {
        #expect(LoadMachine(.fill(over: nil), policy: self.policy, jitter: 0).started() == .lease(over: nil))
        #expect(LoadMachine(.fill(over: [1]), policy: self.policy, jitter: 0).started() == .lease(over: [1]))
        #expect(LoadMachine(.bypass, policy: self.policy, jitter: 0).started() == .askTable)
        #expect(LoadMachine(.recheck(seen: [1], epoch: 8), policy: self.policy, jitter: 0).started() == .askTable)
    }

    @Test("the holder of the lease fills with an entry that ends with the item and is dated before the question")
    func fill() throws {
        guard case .fill(let entry) = self.closing(.fill(over: nil), granted: true, self.session(), took: .seconds(2)) else {
            Issue.record("no fill")
            return
        }
        #expect(entry.end == .at(milliseconds: (self.now.seconds + 100) * 1000))
        guard case .entry(let decoded) = Decoded(entry.bytes, key: .test("session-1")) else {
            Issue.record("not an entry")
            return
        }
        #expect(decoded.cachedAt == self.now)
        #expect(decoded.epoch == 7, "that of the lease")
        #expect(decoded.content == .live(self.session()))
    }

    @Test("a session without expiration is kept until it would be checked")
    func noExpiration() {
        guard case .fill(let entry) = self.closing(.fill(over: nil), granted: true, self.session(ends: nil)) else {
            Issue.record("no fill")
            return
        }
        #expect(entry.end == .after(milliseconds: 60_000))
    }

    @Test("what the table does not have is kept as absent for the negative time")
    func absent() {
        guard case .fill(let entry) = self.closing(.fill(over: nil), granted: true, nil) else {
            Issue.record("no fill")
            return
        }
        #expect(entry.end == .after(milliseconds: 5000))
        #expect(entry.bytes.first == UInt8(ascii: "A"))
    }

    @Test("the time of an absent entry, and of nothing else, has a jitter: downwards, a fifth at most, counted from the question")
    func jitter() {
        for (jitter, milliseconds) in [(0, 5000), (0.5, 4500), (0.999_999, 4000), (7, 4000), (-1, 5000)] as [(Double, Int64)] {
            guard case .fill(let entry) = self.closing(.fill(over: nil), granted: true, nil, took: .seconds(1), jitter: jitter) else {
                Issue.record("no fill")
                return
            }
            #expect(entry.end == .after(milliseconds: milliseconds - 1000))
            let state = EntryDecoder.state(of: entry.bytes)
            guard case .entry(let header) = state else {
                Issue.record("not an entry")
                return
            }
            #expect(header.end == self.now + .milliseconds(milliseconds), "readers believe it no longer than Redis keeps it")
            guard case .fill(let live) = self.closing(.fill(over: nil), granted: true, self.session(), jitter: jitter) else {
                Issue.record("no fill")
                return
            }
            #expect(live.end == .at(milliseconds: (self.now.seconds + 100) * 1000))
        }
    }

    @Test("without the lease, or beside a writer, nothing is stored")
    func pass() {
        #expect(self.closing(.fill(over: nil), granted: false, self.session()) == .pass)
        #expect(self.closing(.bypass, granted: false, self.session()) == .pass)
    }

    @Test("a session that is too large or has ended meanwhile is not stored, and replaces what was seen")
    func uncachable() {
        #expect(self.closing(.fill(over: nil), granted: true, self.session(size: 70_000)) == .pass)
        #expect(self.closing(.fill(over: nil), granted: true, self.session(ends: 2), took: .seconds(2)) == .pass)
        #expect(self.closing(.recheck(seen: [1], epoch: 8), granted: false, self.session(size: 70_000)) == .refresh(seen: [1], .none))
    }

    @Test("a check replaces what was seen with what the table says, also with nothing")
    func recheck() {
        for session in [self.session(), nil] {
            guard case .refresh([7], let entry) = self.closing(.recheck(seen: [7], epoch: 8), granted: false, session) else {
                Issue.record("no refresh")
                return
            }
            #expect(entry.bytes.first == UInt8(ascii: session == nil ? "A" : "L"))
            guard case .entry(let header) = EntryDecoder.state(of: entry.bytes) else {
                Issue.record("not an entry")
                return
            }
            #expect(header.epoch == 8, "that of the bytes seen")
        }
    }
}
