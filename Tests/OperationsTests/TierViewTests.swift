import CacheStore
import Dynamo
import Operations
import SessionStore
import Testing

@Suite("Two tiers side by side")
struct TierViewTests {
    private static let keys = ["s-1"].compactMap { try? SessionID($0) }
    private static var key: SessionKey { .session(Self.keys[0]) }

    private static func session(_ version: Int64?, _ data: SessionData = ["a": 1]) -> Session {
        Session(key: Self.key, data: data, version: version.map { SessionVersion($0) })
    }

    private static func view(_ table: TableSide, _ cache: CacheFinding.State?) -> TierView {
        TierView(table: table, cache: cache.map { CacheFinding($0) })
    }

    @Test("they agree where the cache says what the table says, or nothing")
    func agree() {
        let live = TableSide.live(Self.session(5))
        #expect(Self.view(live, nil).agreement == .agree)
        #expect(Self.view(live, CacheFinding.State.none).agreement == .agree)
        #expect(Self.view(live, .live(Self.session(5))).agreement == .agree)
        #expect(Self.view(live, .lease).agreement == .underWay)
        #expect(Self.view(live, .intent).agreement == .underWay)
        for table in [TableSide.none, .expired, .deleted(SessionVersion(6)), .malformed("sentence")] {
            #expect(Self.view(table, .absent).agreement == .agree)
            #expect(Self.view(table, .tombstone(SessionVersion(6))).agreement == .agree)
        }
    }

    @Test("they differ by an older, a newer, another copy, one of nothing, a denial, and what cannot be read")
    func differ() {
        let live = TableSide.live(Self.session(5))
        let states: [(TableSide, CacheFinding.State)] = [
            (live, .live(Self.session(4))), (live, .live(Self.session(6))), (live, .live(Self.session(5, ["a": 2]))), (live, .absent),
            (live, .tombstone(SessionVersion(4))), (.none, .live(Self.session(5))), (.deleted(nil), .live(Self.session(5))),
            (.expired, .live(Self.session(5))), (.none, .bad(.otherFormat)), (live, .bad(.notAuthentic)),
        ]
        var sentences: Set<String> = []
        for (table, cache) in states {
            guard case .differ(let sentence) = Self.view(table, cache).agreement else {
                Issue.record("\(table) and \(cache) differ")
                continue
            }
            sentences.insert(sentence)
        }
        #expect(sentences.count == 8)
        #expect(Self.view(live, .live(Self.session(4, ["a": 1, "b": 2]))).differences == ["version", "data.b"])
    }

    @Test(
        "what became of a session",
        arguments: [
            (TableSide.live(Self.session(5)), .live(Self.session(5)), .live, true, true),
            (.live(Self.session(5)), CacheFinding.State.none, .live, true, false), (.expired, nil, .expired, true, false),
            (.deleted(nil), .tombstone(SessionVersion(1)), .deleted, true, true), (.malformed("x"), nil, .malformed, true, false),
            (.none, .live(Self.session(5)), .cacheOnly, false, true), (.none, .tombstone(SessionVersion(1)), .deleted, false, true),
            (.none, CacheFinding.State.none, .unknown, false, false), (.none, nil, .unknown, false, false),
        ] as [(TableSide, CacheFinding.State?, SessionTrace.State, Bool, Bool)])
    func trace(_ table: TableSide, _ cache: CacheFinding.State?, _ state: SessionTrace.State, _ inTable: Bool, _ inCache: Bool) {
        let trace = SessionTrace(Self.view(table, cache))
        #expect(trace.state == state)
        #expect(trace.isInTable == inTable && trace.isInCache == inCache)
        #expect(!trace.sentence.isEmpty)
        #expect(trace.isLive == (state == .live))
    }

    @Test("a pace spreads work evenly, and does not catch up")
    func pace() {
        var pace = Pace(perSecond: 10)
        #expect(pace.wait(before: 5, now: .seconds(100)) == .zero)
        #expect(pace.wait(before: 1, now: .seconds(100)) == .milliseconds(500))
        #expect(pace.wait(before: 1, now: .seconds(100)) == .milliseconds(600))
        #expect(pace.wait(before: 10, now: .seconds(200)) == .zero)
        #expect(pace.wait(before: 1, now: .seconds(200)) == .seconds(1))
    }

    @Test("an import writes what is later, of the same owner, and leaves everything else")
    func importing() throws {
        let (ada, bob) = (try UserID("ada"), try UserID("bob"))
        func item(_ version: Int64?, _ owner: UserID? = ada, _ data: SessionData = ["a": 1]) -> TableItem {
            var session = Self.session(version, data)
            session.owner = owner
            return TableItem(key: Self.key, state: .live(session), owner: owner, version: session.version)
        }
        func decide(_ new: TableItem?, _ found: TableItem?) -> ImportDecision { ImportDecision(new, over: found) }
        let deleted = TableItem(key: Self.key, state: .deleted, version: SessionVersion(5))
        #expect(decide(item(5), nil) == .write)
        #expect(decide(item(5), item(4)) == .write)
        #expect(decide(item(5), item(4, nil)) == .write)
        #expect(decide(item(5), item(nil)) == .write)
        #expect(decide(item(6), deleted) == .write)
        #expect(decide(item(nil), nil) == .write)
        #expect(decide(item(5), item(5)) == .leave(.same))
        #expect(decide(item(5), item(5, ada, ["b": 1])) == .leave(.same))
        #expect(decide(item(5), item(6)) == .leave(.newer))
        #expect(decide(item(4), deleted) == .leave(.newer))
        #expect(decide(item(nil), item(6)) == .leave(.newer))
        #expect(decide(item(9), item(4, bob)) == .leave(.otherOwner))
        #expect(decide(item(9, nil), item(4, bob)) == .leave(.otherOwner))
        #expect(decide(item(9), TableItem(key: Self.key, state: .malformed("x"))) == .leave(.occupied))
        #expect(decide(deleted, nil) == .leave(.ended))
        #expect(decide(TableItem(key: Self.key, state: .expired), nil) == .leave(.ended))
        #expect(decide(TableItem(key: nil, state: .malformed("x")), nil) == .leave(.malformed))
        #expect(decide(nil, nil) == .leave(.malformed))
    }
}
