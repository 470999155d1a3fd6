import SessionStore
import Testing

@Suite("The rules of a write")
struct SessionRulesTests {
    let now = Timestamp(milliseconds: 1_700_000_000_123)
    let key: SessionKey
    let user: UserID

    init() throws {
        self.key = .session(try SessionID("session-1"))
        self.user = try UserID("ann")
    }

    private func decide(
        _ change: SessionWrite.Change, on record: SessionRecord?, as caller: Caller = .anonymous
    ) throws(SessionStoreError) -> SessionRules.Decision {
        let context = SessionRules.WriteContext(now: self.now, timeToLive: .seconds(60), writeID: "w1")
        return try SessionRules.decide(SessionWrite(self.key, change, as: caller), on: record, in: context)
    }

    private let update = SessionWrite.Change.update(set: ["a": "1"], remove: [])

    @Test("a new item has all its parts, and its version begins above the time")
    func creation() throws {
        let expected = SessionRecord(
            data: ["a": "1"], owner: self.user, version: SessionVersion(1_700_000_000_124), writeID: "w1",
            expiration: Timestamp(seconds: 1_700_000_061), createdAt: self.now, updatedAt: self.now)
        #expect(try self.decide(self.update, on: nil, as: .user(self.user)) == .store(expected))
        #expect(try self.decide(.touch, on: nil) == .nothing)
        #expect(try self.decide(.delete, on: nil) == .nothing)
    }

    @Test("a write that expects a session is made on that one only; ownership comes first")
    func expectations() throws {
        let context = SessionRules.WriteContext(now: self.now, timeToLive: .seconds(60), writeID: "w1")
        let live = SessionRecord(data: [:], owner: self.user, version: SessionVersion(7))
        let deleted = SessionRecord(data: nil, version: SessionVersion(7), expiration: Timestamp(seconds: 1_700_000_000))
        let foreign = SessionRecord(data: ["old": "0"])
        let cases: [(record: SessionRecord?, fits: SessionWrite.Expectation)] = [
            (live, .version(SessionVersion(7))), (deleted, .absent), (nil, .absent), (foreign, .version(nil)),
        ]
        for (record, fits) in cases {
            for expectation in [.absent, .version(nil), .version(SessionVersion(7)), .version(SessionVersion(6))]
                as [SessionWrite.Expectation]
            {
                var write = SessionWrite(self.key, self.update, as: .user(self.user), onlyIf: expectation)
                let isMade = (try? SessionRules.decide(write, on: record, in: context)) != nil
                #expect(isMade == (expectation == fits))
                if expectation != fits {
                    let error = #expect(throws: SessionStoreError.self) { try SessionRules.decide(write, on: record, in: context) }
                    #expect(error?.code == .conflict)
                }
                write.caller = .anonymous
                guard record == live else { continue }
                #expect(throws: SessionStoreError.notOwner) { try SessionRules.decide(write, on: record, in: context) }
            }
        }
    }

    @Test("an item of a program without versions or expiration lives, and gets both with the first write")
    func legacy() throws {
        let record = SessionRecord(data: ["old": "0"])
        guard case .store(let next) = try self.decide(self.update, on: record) else {
            Issue.record("nothing was written")
            return
        }
        #expect(next.data == ["old": "0", "a": "1"])
        #expect(next.version == SessionVersion(1_700_000_000_124))
        #expect(next.expiration == Timestamp(seconds: 1_700_000_061))
        #expect(next.createdAt == nil)
    }

    @Test("a deletion leaves key, version, expiration and the time of the write")
    func deletion() throws {
        let record = SessionRecord(data: ["a": "1"], owner: self.user, version: SessionVersion(7), writeID: "w0", createdAt: self.now)
        let mark = SessionRecord(
            data: nil, version: SessionVersion(8), expiration: Timestamp(seconds: 1_700_000_000), updatedAt: self.now)
        #expect(try self.decide(.delete, on: record, as: .user(self.user)) == .store(mark))
        #expect(try self.decide(.delete, on: mark) == .nothing)
        #expect(try self.decide(.touch, on: mark) == .nothing)
        guard case .store(let next) = try self.decide(self.update, on: mark) else {
            Issue.record("nothing was written")
            return
        }
        #expect(next.version == SessionVersion(9))
        #expect(next.data == ["a": "1"])
    }

    @Test("an item ends at its expiration, not a millisecond later")
    func edge() throws {
        var record = SessionRecord(data: ["old": "0"], version: SessionVersion(7), expiration: self.now)
        #expect(try self.decide(.touch, on: record) == .nothing)
        record.expiration = self.now + .milliseconds(1)
        #expect(try self.decide(.touch, on: record) != .nothing)
    }

    @Test("a version at the end of its range is refused")
    func versionOverflow() throws {
        let record = SessionRecord(data: [:], version: SessionVersion(.max))
        let error = #expect(throws: SessionStoreError.self) { try self.decide(self.update, on: record) }
        #expect(error?.code == .malformedItem)
    }

    @Test("a session lives for the whole time to live, in whole seconds, and for a second at least")
    func expirations() {
        let whole = Timestamp(seconds: 100)
        #expect(SessionRules.expiration(now: whole, timeToLive: .seconds(60)) == Timestamp(seconds: 160))
        #expect(SessionRules.expiration(now: whole + .milliseconds(1), timeToLive: .seconds(60)) == Timestamp(seconds: 161))
        #expect(SessionRules.expiration(now: whole, timeToLive: .zero) == Timestamp(seconds: 101))
        #expect(SessionRules.expiration(now: whole, timeToLive: .seconds(-5)) == Timestamp(seconds: 101))
    }

    @Test("what is created begins above the versions of what was removed")
    func removedVersions() throws {
        let write = SessionWrite(self.key, self.update)
        for (removed, first) in [(nil, 124), (SessionVersion(5), 124), (SessionVersion(1_700_000_000_900), 901)] {
            let context = SessionRules.WriteContext(
                now: self.now, timeToLive: .seconds(60), writeID: "w1", removedVersion: removed)
            guard case .store(let record) = try SessionRules.decide(write, on: nil, in: context) else {
                Issue.record("nothing was written")
                return
            }
            #expect(record.version == SessionVersion(1_700_000_000_000 + Int64(first)))
        }
    }

    @Test("write ids are 32 hexadecimal digits and differ")
    func writeIDs() {
        let ids = (0..<100).map { _ in WriteID.random() }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
