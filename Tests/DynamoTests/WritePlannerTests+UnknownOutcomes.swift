import SessionStore
import Testing

@testable import Dynamo

/// What becomes of a write whose answer was lost.
extension WritePlannerTests {
    @Test("a lost answer is read back: a write of mine is done")
    func readBackMine() {
        var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        #expect(planner.answerLost(self.lost) == .read)
        let item = Self.live(6, writeID: "mine")
        guard case .done(let result) = planner.itemRead(item, now: self.now) else { return #expect(Bool(false), "done") }
        #expect(result.version == SessionVersion(6) && result.changed)
    }

    @Test("a lost answer and nothing changed: the same attempt again under the same fence; the late first one then shows as mine")
    func readBackUnchanged() {
        let cases: [(SessionWrite.Basis, StoredItem?, WriteFence)] = [
            (.live(SessionVersion(5)), Self.live(5), .version(SessionVersion(5))), (.live(nil), Self.live(nil), .versionless),
            (.unknown, nil, .absent),
            (.deleted(SessionVersion(4)), Self.tombstone(4), .version(SessionVersion(4))),
        ]
        for (basis, item, fence) in cases {
            var planner = self.planner(self.update, basis: basis)
            _ = planner.started(now: self.now)
            let first = planner.plan?.form
            #expect(planner.answerLost(self.lost) == .read)
            #expect(planner.itemRead(item, now: self.now) == .wait(upTo: .milliseconds(10)))
            #expect(planner.waited(now: self.now) == .attempt)
            #expect(planner.plan?.fence == fence)
            if case .update = first { #expect(planner.plan?.form == first) }
            guard case .done = planner.conditionFailed(Self.live(6, writeID: "mine"), now: self.now) else {
                return #expect(Bool(false), "done")
            }
        }
    }

    @Test("a lost answer and the item moved on: unknown, not written again")
    func readBackMovedOn() {
        for item in [Self.live(6), Self.live(nil), nil, Self.tombstone(6)] {
            var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
            _ = planner.started(now: self.now)
            _ = planner.answerLost(self.lost)
            #expect(self.code(planner.itemRead(item, now: self.now)) == .outcomeUnknown)
        }
        var planner = self.planner(self.update)
        _ = planner.started(now: self.now)
        _ = planner.answerLost(self.lost)
        #expect(self.code(planner.itemRead(Self.live(1), now: self.now)) == .outcomeUnknown)
        // Also when the second attempt finds out.
        planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        _ = planner.answerLost(self.lost)
        _ = planner.itemRead(Self.live(5), now: self.now)
        _ = planner.waited(now: self.now)
        #expect(self.code(planner.conditionFailed(Self.live(7), now: self.now)) == .outcomeUnknown)
    }

    @Test("a deletion whose answer was lost is done when the session is gone, and tried again when it is not")
    func readBackDeletion() {
        for (item, version) in [(Self.tombstone(6), SessionVersion(6)), (nil, nil), (Self.expired(9), SessionVersion(9))]
            as [(StoredItem?, SessionVersion?)]
        {
            var planner = self.planner(.delete)
            _ = planner.started(now: self.now)
            _ = planner.itemRead(Self.live(5), now: self.now)
            _ = planner.answerLost(self.lost)
            #expect(planner.itemRead(item, now: self.now) == .done(WriteResult(session: nil, version: version, changed: true)))
        }
        var planner = self.planner(.delete)
        _ = planner.started(now: self.now)
        _ = planner.itemRead(Self.live(5), now: self.now)
        _ = planner.answerLost(self.lost)
        #expect(planner.itemRead(Self.live(5), now: self.now) == .wait(upTo: .milliseconds(10)))
        #expect(planner.waited(now: self.now) == .attempt)
        _ = planner.answerLost(self.lost)
        #expect(self.code(planner.itemRead(Self.live(8), now: self.now)) == .outcomeUnknown)
    }

    @Test("once an answer was lost, every failure afterwards is an unknown outcome")
    func failuresAfterLoss() {
        let endings: [(inout WritePlanner) -> WritePlanner.Action] = [
            { $0.readFailed(SessionStoreError(.unavailable, "down")) }, { $0.deadlineReached() },
            { $0.refused(SessionStoreError(.throttled, "slow")) },
            { $0.refused(SessionStoreError(.cancelled, "cancelled")) },
        ]
        for (ending, code) in zip(endings, [SessionStoreError.Code.unavailable, .deadlineExceeded, .throttled, .cancelled]) {
            var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
            _ = planner.started(now: self.now)
            #expect(self.code(ending(&planner)) == code, "before a loss it is what it is")
            planner = self.planner(self.update, basis: .live(SessionVersion(5)))
            _ = planner.started(now: self.now)
            _ = planner.answerLost(self.lost)
            let action = ending(&planner)
            #expect(self.code(action) == .outcomeUnknown)
            if case .fail(let error) = action { #expect(error.underlying == code.label) }
        }
        var planner = self.planner(.touch, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        _ = planner.answerLost(self.lost)
        _ = planner.itemRead(Self.live(5), now: self.now)
        #expect(self.code(planner.waited(now: self.now + .seconds(60))) == .outcomeUnknown, "the late touch may have come before the end")
    }

    @Test("lost answers are bounded")
    func tooManyLosses() {
        var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        for _ in 0..<WritePlanner.maximumLostAnswers {
            #expect(planner.answerLost(self.lost) == .read)
            _ = planner.itemRead(Self.live(5), now: self.now)
            #expect(planner.waited(now: self.now) == .attempt)
        }
        #expect(self.code(planner.answerLost(self.lost)) == .outcomeUnknown)
    }
}
