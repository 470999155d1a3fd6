import History
import SessionStore
import Testing

/// Hand-written histories: the checker must find each broken promise, and nothing in a good one.
@Suite("the history checker")
struct CheckerTests {
    @Test("a history of reads and writes one after the other is in order")
    func good() throws {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.read(1, ["a": 1])
        story.write(2, set: ["b": 2])
        story.read(2, ["a": 1, "b": 2])
        story.delete(3)
        story.readNothing()
        story.write(4, set: ["a": 3])
        story.read(4, ["a": 3])
        #expect(story.violations() == [])
    }

    @Test("a read older than an acknowledged write is found")
    func stale() {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.write(2, set: ["a": 2])
        story.read(1, ["a": 1])
        #expect(story.violations() == [.acknowledged])
        #expect(story.violations { $0.guarantee = .acknowledged } == [.acknowledged])
        #expect(story.violations { $0.guarantee = .bounded } == [])
        story.pass(.seconds(62))
        story.read(1, ["a": 1])
        #expect(story.violations { $0.guarantee = .bounded } == [.bounded])
    }

    @Test("a strong read has no bound to hide behind")
    func strong() {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.write(2, set: ["a": 2])
        story.read(1, ["a": 1], .strong)
        #expect(story.violations { $0.guarantee = .bounded } == [.acknowledged])
    }

    @Test("two readers that disagree about a write under way are found where reads are linearizable, and only there")
    func disagreement() {
        var story = Story()
        story.write(1, set: ["a": 1])
        let write = story.begin(.write(.update(set: ["a": 2], remove: [])))
        story.tell(2, ["a": 2], by: write)
        story.read(2, ["a": 2])
        story.read(1, ["a": 1])
        #expect(story.violations() == [.linearizable])
        #expect(story.violations { $0.guarantee = .acknowledged } == [])
    }

    @Test("no session, where one was written, is found")
    func absence() {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.readNothing()
        #expect(story.violations() == [.absence])
        story.write(2, set: ["a": 2])
        story.delete(3)
        story.write(4, set: ["a": 4])
        story.readNothing()
        #expect(story.violations() == [.absence, .acknowledged])
    }

    @Test(
        "without the table's account, a deletion that tells of the one it found may be what a reader saw; without it, nothing may",
        arguments: [true, false])
    func deletionFoundDone(isThere: Bool) {
        var story = Story(keepsAccount: false)
        story.write(1, set: ["a": 1])
        let lost = isThere ? story.begin(.write(.delete)) : nil
        story.readNothing()
        story.write(3, set: ["b": 1], table: ["b": 1])
        story.delete(4)
        // Its answer was lost; when it looked, the session was deleted, at another one's version.
        if let lost { story.history.ended(lost, .acknowledged(WriteResult(session: nil, version: SessionVersion(4), changed: true))) }
        #expect(story.violations() == (isThere ? [] : [.absence]))
    }

    @Test("a session that has ended may be gone, may not be read, and may not be continued")
    func expiry() {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.pass(.seconds(101))
        story.readNothing()
        #expect(story.violations() == [])
        story.read(1, ["a": 1])
        #expect(story.violations() == [.expired])
        story.pass(.seconds(5))
        story.write(2, set: ["b": 2], table: ["a": 1, "b": 2])
        #expect(story.violations().contains(.revived))
    }

    @Test("another user's session, read or changed, is found")
    func owner() throws {
        var story = Story()
        let (ann, bob) = (Caller.user(try UserID("ann")), Caller.user(try UserID("bob")))
        story.write(1, set: ["a": 1], as: ann)
        story.read(1, ["a": 1], as: ann)
        #expect(story.violations() == [])
        story.read(1, ["a": 1], as: bob)
        #expect(story.violations() == [.owner])
        story.write(2, set: ["b": 1], table: ["a": 1, "b": 1], as: bob)
        #expect(story.violations().filter { $0 == .owner }.count >= 2)
    }

    @Test("a field that a write did not touch and took away is found, with the table's account and without")
    func fields() {
        for keepsAccount in [true, false] {
            var story = Story(keepsAccount: keepsAccount)
            story.write(1, set: ["a": 1])
            story.write(2, set: ["b": 2], table: ["b": 2])
            #expect(story.violations() == [.field], "account: \(keepsAccount)")
        }
    }

    @Test("a write that happens twice, or although it failed, is found")
    func once() {
        var story = Story()
        story.write(1, set: ["a": 1])
        let write = story.begin(.write(.update(set: ["a": 2], remove: [])))
        story.tell(2, ["a": 2], by: write)
        story.tell(3, ["a": 2], by: write)
        #expect(story.violations() == [.once])
        story.history.ended(write, .failed(SessionStoreError(.throttled, "")))
        #expect(story.violations() == [.failure, .once, .failure])
    }

    @Test("content that the table never had is found")
    func content() {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.read(1, ["a": 2])
        story.read(7, ["a": 1])
        #expect(story.violations() == [.content, .content])
    }

    @Test("a stale answer needs an outage and a true age")
    func labels() {
        var story = Story()
        story.write(1, set: ["a": 1])
        story.write(2, set: ["a": 2])
        story.pass(.seconds(20))
        story.read(1, ["a": 1], origin: .stale(age: .seconds(21)))
        let now = story.time
        #expect(story.violations { $0.outages = [] } == [.stale])
        #expect(story.violations { $0.outages = [now...now] } == [])
        story.read(1, ["a": 1], origin: .stale(age: .seconds(3)))
        #expect(story.violations { $0.outages = [now...now] } == [.age])
        story.read(2, ["a": 2], origin: .cache(age: .seconds(61)))
        #expect(story.violations { $0.outages = [now...now] } == [.age, .age])
    }
}
