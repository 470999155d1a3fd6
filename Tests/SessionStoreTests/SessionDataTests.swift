import SessionStore
import TestSupport
import Testing

@Suite("The fields of a session")
struct SessionDataTests {
    private static let names = (0..<14).map { "field \($0)" } + ["", "é", "e\u{301}"]

    @Test("they are what a dictionary of them would be, few or many", arguments: 0..<20 as Range<UInt64>)
    func dictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (data, model): (SessionData, [String: SessionValue]) = ([:], [:])
        for step in 0..<400 {
            let name = Self.names.randomElement(using: &random) ?? ""
            // Now more come, now more go.
            if Int.random(in: 0..<10, using: &random) < (step % 100 < 50 ? 7 : 3) {
                let value = SessionValue.number("\(step)")
                #expect(data.updateValue(value, forKey: name) == model.updateValue(value, forKey: name))
            } else {
                #expect(data.removeValue(forKey: name) == model.removeValue(forKey: name))
            }
            #expect(data.count == model.count && data.isEmpty == model.isEmpty)
            #expect(Dictionary(uniqueKeysWithValues: data.map { ($0.key, $0.value) }) == model)
            #expect(Self.names.allSatisfy { data[$0] == model[$0] })
            #expect(Dictionary(uniqueKeysWithValues: zip(data.keys, data.values)) == model)
        }
    }

    @Test("the same fields are equal, whatever was done to get there", arguments: [0, 1, 2, 8, 9, 14])
    func equality(count: Int) {
        let names = Self.names.prefix(count)
        let inOrder = SessionData(uniqueKeysWithValues: names.map { ($0, SessionValue.string($0)) })
        var detour = SessionData(uniqueKeysWithValues: names.reversed().map { ($0, SessionValue.null) })
        detour["other"] = 1
        for name in names { detour[name] = .string(name) }
        #expect(detour != inOrder)
        detour["other"] = nil
        #expect(detour == inOrder)
        #expect(detour.hashValue == inOrder.hashValue)
        #expect(SessionValue.map(detour) == .map(inOrder))
    }

    @Test("they are merged, filtered and mapped as a dictionary's are")
    func conversions() {
        let few: SessionData = ["a": 1, "b": 2]
        #expect(few.merging(["b": 3, "c": 4]) { $1 } == ["a": 1, "b": 3, "c": 4])
        #expect(few.merging(["b": 3, "c": 4]) { old, _ in old } == ["a": 1, "b": 2, "c": 4])
        #expect(few.filter { $0.key != "a" } == ["b": 2])
        #expect(few.mapValues { _ in .null } == ["a": .null, "b": .null])
        let many = SessionData(uniqueKeysWithValues: (0..<300).map { ("\($0)", .number("\($0)")) })
        #expect(many.filter { $0.key.count == 1 }.count == 10)
        #expect(many.filter { $0.key.count == 1 } == few.filter { _ in false }.merging(many.filter { $0.key.count == 1 }) { $1 })
        #expect(many.mapValues { _ in .null }["299"] == .null)
    }

    @Test("a copy of a session that is changed leaves the other as it was")
    func copies() throws {
        let key = SessionKey.session(try SessionID("session-1"))
        let session = Session(key: key, data: ["a": 1], version: SessionVersion(1))
        var copy = session
        #expect(copy == session)
        copy.data["b"] = 2
        copy.owner = try UserID("ada")
        copy.version = SessionVersion(2)
        copy.expiration = Timestamp(seconds: 5)
        copy.createdAt = Timestamp(seconds: 1)
        copy.updatedAt = Timestamp(seconds: 2)
        copy.origin = .stale(age: .seconds(3))
        copy.key = .user(try UserID("ada"))
        #expect(session == Session(key: key, data: ["a": 1], version: SessionVersion(1)))
        #expect(
            copy
                == Session(
                    key: .user(try UserID("ada")), data: ["a": 1, "b": 2], owner: try UserID("ada"), version: SessionVersion(2),
                    expiration: Timestamp(seconds: 5), createdAt: Timestamp(seconds: 1), updatedAt: Timestamp(seconds: 2),
                    origin: .stale(age: .seconds(3))))
        #expect(Set([session, copy, copy]).count == 2)
    }
}
