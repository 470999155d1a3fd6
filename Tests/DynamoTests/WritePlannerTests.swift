import SessionStore
import Testing

@testable import Dynamo

@Suite("The planner of writes")
struct WritePlannerTests {
    static let now = Timestamp(seconds: 1_800_000_000)
    let now = Self.now
    let key: SessionKey

    init() throws {
        self.key = .session(try SessionID("s1"))
    }

    func planner(_ change: SessionWrite.Change, as caller: Caller = .anonymous, basis: SessionWrite.Basis = .unknown)
        -> WritePlanner
    {
        WritePlanner(SessionWrite(self.key, change, as: caller, basis: basis), timeToLive: .seconds(100), writeID: "mine")
    }

    static func live(_ version: Int64?, data: SessionData = ["a": 1], owner: UserID? = nil, writeID: String? = "theirs")
        -> StoredItem
    {
        StoredItem(
            record: SessionRecord(
                data: data, owner: owner, version: version.map { SessionVersion($0) }, writeID: writeID,
                expiration: Self.now + .seconds(50)))
    }

    static func tombstone(_ version: Int64) -> StoredItem {
        StoredItem(record: SessionRecord(data: nil, version: SessionVersion(version), expiration: Self.now))
    }

    static func expired(_ version: Int64?, others: [String] = []) -> StoredItem {
        var item = Self.live(version, owner: try? UserID("somebody"))
        item.record.expiration = Self.now
        item.otherNames = others
        return item
    }

    func code(_ action: WritePlanner.Action) -> SessionStoreError.Code? {
        if case .fail(let error) = action { error.code } else { nil }
    }

    let update = SessionWrite.Change.update(set: ["b": 2], remove: ["c"])
    let lost = SessionStoreError(.deadlineExceeded, "no answer")
    static let unchanged = WritePlanner.Action.done(WriteResult(session: nil, version: nil, changed: false))

    // MARK: What is tried first

    @Test("not knowing, an update and a replacement try to create; touch and delete read")
    func unknownBasis() {
        for basis in [SessionWrite.Basis.unknown, .absent] {
            for change in [self.update, .replace(["b": 2])] {
                var planner = self.planner(change, basis: basis)
                #expect(planner.started(now: self.now) == .attempt)
                #expect(planner.plan?.fence == .absent)
                guard case .create(let record, over: nil) = planner.plan?.form else { return #expect(Bool(false), "creates") }
                #expect(record.data == ["b": 2])
            }
        }
        for basis in [SessionWrite.Basis.unknown, .absent, .deleted(SessionVersion(3))] {
            for change in [SessionWrite.Change.touch, .delete] {
                var planner = self.planner(change, basis: basis)
                #expect(planner.started(now: self.now) == .read)
                #expect(planner.itemRead(nil, now: self.now) == Self.unchanged)
            }
        }
    }

    @Test("what a cache knows becomes the fence")
    func knownBasis() {
        var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        #expect(planner.started(now: self.now) == .attempt)
        #expect(planner.plan == WritePlan(fence: .version(SessionVersion(5)), form: .update(set: ["b": 2], remove: ["c"])))
        planner = self.planner(.touch, basis: .live(nil))
        #expect(planner.started(now: self.now) == .attempt)
        #expect(planner.plan == WritePlan(fence: .versionless, form: .touch))
        planner = self.planner(.replace([:]), basis: .live(SessionVersion(5)))
        #expect(planner.started(now: self.now) == .attempt)
        #expect(planner.plan == WritePlan(fence: .version(SessionVersion(5)), form: .replace([:])))
        planner = self.planner(self.update, basis: .deleted(SessionVersion(5)))
        #expect(planner.started(now: self.now) == .attempt)
        #expect(planner.plan?.fence == .version(SessionVersion(5)))
        guard case .create(_, over: .some(let ended)) = planner.plan?.form else {
            return #expect(Bool(false), "creates over the tombstone")
        }
        #expect(ended == WritePlan.Ended(isTombstone: true, otherNames: []))
        planner = self.planner(.delete, basis: .live(SessionVersion(5)))
        #expect(planner.started(now: self.now) == .read, "a deletion needs the names of all attributes")
    }

    @Test("what the caller expects is the fence, whatever a cache says, and a lost race ends the write")
    func expectation() throws {
        let seen = SessionWrite.Expectation.version(SessionVersion(5))
        for basis in [SessionWrite.Basis.unknown, .absent, .live(SessionVersion(9)), .deleted(SessionVersion(9))] {
            let write = SessionWrite(self.key, self.update, basis: basis, onlyIf: seen)
            var planner = WritePlanner(write, timeToLive: .seconds(100), writeID: "mine")
            #expect(planner.started(now: self.now) == .attempt)
            #expect(planner.plan == WritePlan(fence: .version(SessionVersion(5)), form: .update(set: ["b": 2], remove: ["c"])))
            #expect(self.code(planner.conditionFailed(Self.live(6), now: self.now)) == .conflict)
            planner = WritePlanner(write, timeToLive: .seconds(100), writeID: "mine")
            _ = planner.started(now: self.now)
            #expect(self.code(planner.conditionFailed(Self.tombstone(6), now: self.now)) == .conflict)

            let begins = SessionWrite(self.key, self.update, basis: basis, onlyIf: .absent)
            planner = WritePlanner(begins, timeToLive: .seconds(100), writeID: "mine")
            #expect(planner.started(now: self.now) == .attempt)
            guard case .create = planner.plan?.form else { return #expect(Bool(false), "creates") }
            #expect(self.code(planner.conditionFailed(Self.live(9), now: self.now)) == .conflict)
            planner = WritePlanner(begins, timeToLive: .seconds(100), writeID: "mine")
            _ = planner.started(now: self.now)
            #expect(planner.conditionFailed(Self.expired(9), now: self.now) != Self.unchanged)
            #expect(planner.plan?.fence == .version(SessionVersion(9)))
        }
    }

    @Test("after a lost answer, a write that expects a version is repeated under it, and does not know when the item moved on")
    func expectationAfterLostAnswer() throws {
        let write = SessionWrite(self.key, self.update, onlyIf: .version(SessionVersion(5)))
        var planner = WritePlanner(write, timeToLive: .seconds(100), writeID: "mine")
        _ = planner.started(now: self.now)
        #expect(planner.answerLost(self.lost) == .read)
        guard case .wait = planner.itemRead(Self.live(5), now: self.now) else { return #expect(Bool(false), "waits") }
        #expect(planner.waited(now: self.now) == .attempt)
        #expect(self.code(planner.conditionFailed(Self.live(7), now: self.now)) == .outcomeUnknown)
    }

    @Test("an update of more than 200 fields, or with a long expression, needs the item and replaces the data under the fence")
    func large() throws {
        for count in [201, 260] {
            let set = SessionData(uniqueKeysWithValues: (0..<count).map { ("field\($0)", SessionValue.number("\($0)")) })
            var planner = self.planner(.update(set: set, remove: ["a"]), basis: .live(SessionVersion(5)))
            #expect(planner.started(now: self.now) == .read)
            #expect(planner.itemRead(Self.live(6, data: ["a": 1, "z": 26]), now: self.now) == .attempt)
            #expect(planner.plan == WritePlan(fence: .version(SessionVersion(6)), form: .replace(set.merging(["z": 26]) { $1 })))
        }
        let some = SessionData(uniqueKeysWithValues: (0..<200).map { ("f\($0)", SessionValue.null) })
        var planner = self.planner(.update(set: some, remove: []), basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        if let plan = planner.plan {
            #expect(try plan.expression(planner.context, now: self.now).longestText <= WritePlan.maximumExpression)
        }
    }

    @Test("what can never be kept is refused before anything is sent")
    func refusedAtOnce() throws {
        let user = try UserID("u1")
        var planner = self.planner(.update(set: ["a": 1], remove: ["a"]))
        #expect(self.code(planner.started(now: self.now)) == .invalidValue)
        planner = self.planner(.replace(["a": .string(String(repeating: "x", count: 410_000))]))
        #expect(self.code(planner.started(now: self.now)) == .tooLarge)
        planner = self.planner(.replace(["a": .stringSet([])]))
        #expect(self.code(planner.started(now: self.now)) == .invalidValue)
        for caller in try [Caller.anonymous, .user(UserID("u2"))] {
            planner = WritePlanner(SessionWrite(.user(user), self.update, as: caller), timeToLive: .seconds(1), writeID: "mine")
            #expect(self.code(planner.started(now: self.now)) == .notOwner)
        }
        // Only with what is there it is too much.
        planner = self.planner(.update(set: ["b": .string(String(repeating: "x", count: 210_000))], remove: []))
        _ = planner.started(now: self.now)
        let item = Self.live(1, data: ["a": .string(String(repeating: "x", count: 210_000))])
        #expect(self.code(planner.conditionFailed(item, now: self.now)) == .tooLarge)
    }

    // MARK: Failed conditions

    @Test("an applied attempt answers with the item as it is now")
    func applied() {
        var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        let item = Self.live(6, data: ["a": 1, "b": 2], writeID: "mine")
        let expected = WriteResult(session: item.record.session(self.key, at: self.now), version: SessionVersion(6), changed: true)
        #expect(planner.answered(item, now: self.now) == .done(expected))
        #expect(expected.session?.data == ["a": 1, "b": 2])
    }

    @Test("after a guess, the item that is there is updated at once; after a lost race, with jitter")
    func races() {
        var planner = self.planner(self.update)
        _ = planner.started(now: self.now)
        #expect(planner.conditionFailed(Self.live(5), now: self.now) == .attempt)
        #expect(planner.plan == WritePlan(fence: .version(SessionVersion(5)), form: .update(set: ["b": 2], remove: ["c"])))
        #expect(planner.conditionFailed(Self.live(6), now: self.now) == .wait(upTo: .milliseconds(20)))
        #expect(planner.waited(now: self.now) == .attempt)
        #expect(planner.plan?.fence == .version(SessionVersion(6)))
        #expect(planner.conditionFailed(Self.live(nil), now: self.now) == .wait(upTo: .milliseconds(40)))
        #expect(planner.waited(now: self.now) == .attempt)
        #expect(planner.plan?.fence == .versionless)
    }

    @Test("a server that does not return the item is asked for it")
    func itemNotReturned() {
        var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        #expect(planner.conditionFailed(nil, now: self.now) == .read)
        #expect(planner.itemRead(nil, now: self.now) == .attempt)
        #expect(planner.plan?.fence == .absent)
    }

    @Test("lost races are bounded, and end as a conflict")
    func tooManyRaces() {
        var planner = self.planner(self.update)
        var action = planner.started(now: self.now)
        var attempts = 0
        var version: Int64 = 1
        while case .attempt = action {
            attempts += 1
            version += 1
            action = planner.conditionFailed(Self.live(version), now: self.now)
            if case .wait(let longest) = action {
                #expect(longest <= .milliseconds(320))
                action = planner.waited(now: self.now)
            }
        }
        #expect(self.code(action) == .conflict)
        #expect(attempts == WritePlanner.maximumRaces + 1)
        planner = self.planner(self.update)
        _ = planner.started(now: self.now)
        for _ in 0..<WritePlanner.maximumRaces {
            guard case .wait = planner.collided() else { return #expect(Bool(false), "waits") }
            #expect(planner.waited(now: self.now) == .attempt)
        }
        #expect(self.code(planner.collided()) == .conflict)
    }

    @Test("another user's session is refused by what the table has, whatever the hint was")
    func ownership() throws {
        let callers: [(Caller, Bool)] = try [
            (.anonymous, false), (.user(UserID("other")), false), (.user(UserID("owner")), true), (.asOperator, true),
        ]
        for (caller, isAllowed) in callers {
            for change in [self.update, .replace([:]), .touch, .delete] {
                var planner = self.planner(change, as: caller, basis: .live(SessionVersion(5)))
                let first = planner.started(now: self.now)
                let item = Self.live(6, owner: try UserID("owner"))
                let action = first == .read ? planner.itemRead(item, now: self.now) : planner.conditionFailed(item, now: self.now)
                #expect((self.code(action) == .notOwner) == !isAllowed)
                if isAllowed { #expect(action == .attempt) }
            }
        }
    }

    @Test("over what has ended a new session begins, whoever owned it, and names that are not ours go")
    func createOver() throws {
        let items: [(StoredItem, WriteFence, Bool)] = [
            (Self.expired(5, others: ["x"]), .version(SessionVersion(5)), false), (Self.expired(nil, others: ["x"]), .versionless, false),
            (Self.tombstone(5), .version(SessionVersion(5)), true),
        ]
        for (item, fence, isTombstone) in items {
            var planner = self.planner(self.update, as: .user(try UserID("new")))
            _ = planner.started(now: self.now)
            #expect(planner.conditionFailed(item, now: self.now) == .attempt)
            #expect(planner.plan?.fence == fence)
            guard case .create(let record, over: .some(let ended)) = planner.plan?.form else { return #expect(Bool(false), "creates") }
            #expect(record.data == ["b": 2])
            #expect(record.owner == (try UserID("new")))
            #expect(ended == WritePlan.Ended(isTombstone: isTombstone, otherNames: item.otherNames))
            for change in [SessionWrite.Change.touch, .delete] {
                planner = self.planner(change)
                _ = planner.started(now: self.now)
                #expect(planner.itemRead(item, now: self.now) == Self.unchanged)
            }
        }
    }

    @Test("a session that ends between two looks is not revived")
    func endsMeanwhile() {
        var planner = self.planner(self.update, basis: .live(SessionVersion(5)))
        _ = planner.started(now: self.now)
        #expect(planner.conditionFailed(Self.live(6), now: self.now) == .attempt)
        #expect(planner.conditionFailed(Self.live(7), now: self.now) == .wait(upTo: .milliseconds(20)))
        #expect(planner.waited(now: self.now + .seconds(60)) == .attempt)
        guard case .create(_, over: .some) = planner.plan?.form else { return #expect(Bool(false), "a new session begins") }
    }

    @Test("a malformed item is never written over while it lives; an operator may delete it")
    func malformed() {
        for flaw in [ItemAttribute.data, .owner, .expiration, .version] {
            var item = Self.live(5)
            item.flaws = [flaw]
            for change in [self.update, .replace([:]), .touch, .delete] {
                var planner = self.planner(change, basis: .live(SessionVersion(5)))
                let first = planner.started(now: self.now)
                let action = first == .read ? planner.itemRead(item, now: self.now) : planner.conditionFailed(item, now: self.now)
                #expect(self.code(action) == .malformedItem)
            }
            var planner = self.planner(.delete, as: .asOperator)
            _ = planner.started(now: self.now)
            let action = planner.itemRead(item, now: self.now)
            if flaw == .version { #expect(self.code(action) == .malformedItem) } else { #expect(action == .attempt) }
        }
        var planner = self.planner(self.update)
        _ = planner.started(now: self.now)
        var item = Self.expired(5)
        item.flaws = [.data, .owner]
        #expect(planner.conditionFailed(item, now: self.now) == .attempt, "what has expired may look as it likes")
        item.record.version = SessionVersion(.max)
        planner = self.planner(self.update)
        _ = planner.started(now: self.now)
        #expect(self.code(planner.conditionFailed(item, now: self.now)) == .malformedItem, "the version cannot go on")
    }
}
