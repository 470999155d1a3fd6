import Glibc
import Load
import Testing

@Suite struct LedgerTests {
    private static func content(_ number: UInt64, of session: Int = 7) -> LoadContent { LoadContent(session: session, number: number) }

    @Test func `A read that began after a write was acknowledged may not be older, and a read that began before it may`() {
        var ledger = Ledger()
        let write = ledger.begin()
        let early = ledger.begin()
        #expect(ledger.wrote(write, version: 10, number: 1, olderUntil: nil) == .right)
        let late = ledger.begin()
        #expect(ledger.judge(early, version: 9, content: Self.content(99), session: 7, now: 0) == .right)
        #expect(ledger.judge(late, version: 9, content: Self.content(99), session: 7, now: 0) == .wrong(.stale))
        #expect(ledger.judge(late, version: 10, content: Self.content(1), session: 7, now: 0) == .right)
        #expect(ledger.judge(late, version: 11, content: Self.content(2), session: 7, now: 0) == .right)
    }

    @Test func `Content has to be of this session, of a load, and of its version`() {
        var ledger = Ledger()
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        let read = ledger.begin()
        #expect(ledger.judge(read, version: 10, content: nil, session: 7, now: 0) == .wrong(.forged))
        #expect(ledger.judge(read, version: 10, content: Self.content(1, of: 8), session: 7, now: 0) == .wrong(.foreign))
        #expect(ledger.judge(read, version: 10, content: Self.content(2), session: 7, now: 0) == .wrong(.mixed))
    }

    @Test func `There may be no session before the first write, after a deletion and beside one, and not after a later write`() {
        var ledger = Ledger()
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .right)
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        let before = ledger.begin()
        #expect(ledger.judgeAbsence(before, now: 0) == .wrong(.lost))
        _ = ledger.begin(isDelete: true)
        let beside = ledger.begin()
        #expect(ledger.judgeAbsence(before, now: 0) == .right, "the deletion began while it read")
        #expect(ledger.judgeAbsence(beside, now: 0) == .right)
        ledger.deleted(version: 11, olderUntil: nil)
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .right)
        #expect(ledger.judge(ledger.begin(), version: 10, content: Self.content(1), session: 7, now: 0) == .wrong(.stale), "it is deleted")
        _ = ledger.wrote(ledger.begin(), version: 12, number: 2, olderUntil: nil)
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .wrong(.lost))
    }

    @Test func `A deletion without a version is made up for by a write that began after it`() {
        var ledger = Ledger()
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        _ = ledger.begin(isDelete: true)
        let beside = ledger.begin()
        ledger.deleted(version: nil, olderUntil: nil)
        _ = ledger.wrote(beside, version: 12, number: 2, olderUntil: nil)
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .right, "which of the two came last nobody knows")
        _ = ledger.wrote(ledger.begin(), version: 13, number: 3, olderUntil: nil)
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .wrong(.lost))
    }

    @Test func `A deletion that may have been made leaves room for no session for ever, and one that failed for certain does not`() {
        var ledger = Ledger()
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        _ = ledger.begin(isDelete: true)
        ledger.failedToDelete(mayBeDone: false)
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .wrong(.lost))
        _ = ledger.begin(isDelete: true)
        ledger.failedToDelete(mayBeDone: true)
        _ = ledger.wrote(ledger.begin(), version: 12, number: 2, olderUntil: nil)
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .right)
    }

    @Test func `A deletion that finds nothing of what was acknowledged is wrong`() {
        var ledger = Ledger()
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        let delete = ledger.begin(isDelete: true)
        #expect(ledger.judgeAbsence(delete, now: 0, isDelete: true) == .wrong(.lost))
        ledger.foundNothingToDelete()
        #expect(ledger.judgeAbsence(ledger.begin(), now: 0) == .wrong(.lost))
    }

    @Test func `A write that began after another was acknowledged has a higher version`() {
        var ledger = Ledger()
        let beside = ledger.begin()
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        #expect(ledger.wrote(beside, version: 9, number: 2, olderUntil: nil) == .right)
        #expect(ledger.wrote(ledger.begin(), version: 10, number: 3, olderUntil: nil) == .wrong(.order))
    }

    @Test func `After a write that the cache was not told of, older answers count and are not wrong, until their time is over`() {
        var ledger = Ledger()
        _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil)
        _ = ledger.wrote(ledger.begin(), version: 11, number: 2, olderUntil: 500)
        let read = ledger.begin()
        #expect(ledger.judge(read, version: 10, content: Self.content(1), session: 7, now: 500) == .older)
        #expect(ledger.judge(read, version: 10, content: Self.content(1), session: 7, now: 501) == .wrong(.stale))
        #expect(ledger.judgeAbsence(read, now: 500) == .older)
        #expect(ledger.judgeAbsence(read, now: 501) == .wrong(.lost))
    }

    @Test func `Two views of shared ledgers see the same`() throws {
        let ledgers = try Ledgers(count: 3000, isShared: true)
        let descriptor = try #require(ledgers.descriptor)
        let others = try Ledgers(shared: dup(descriptor), count: 3000)
        ledgers.with(2999) { ledger in _ = ledger.wrote(ledger.begin(), version: 10, number: 1, olderUntil: nil) }
        let read = others.with(2999) { $0.begin() }
        #expect(others.with(2999) { $0.judgeAbsence(read, now: 0) } == .wrong(.lost))
        #expect(others.with(2998) { $0 } == Ledger())
        #expect(throws: Ledgers.Failure.self) { try Ledgers(shared: dup(descriptor), count: 4000) }
    }
}
