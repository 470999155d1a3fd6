import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// Items as earlier programs of this table left them, and the answers of docs/MIGRATION.md.
struct OlderItem: Sendable, CustomTestStringConvertible {
    /// What a reader gets.
    enum Answer: Sendable {
        /// A session of this owner, with or without an end.
        case session(owner: String?, hasEnd: Bool)
        /// None.
        case none
        /// `.malformedItem`; whether an operator may delete it.
        case malformed(deletable: Bool)
    }

    var name: String
    var attributes: SessionData
    var answer: Answer
    var testDescription: String { self.name }

    private static let later = SessionValue.number("4102444800")

    static let all: [OlderItem] = [
        OlderItem(
            name: "no version, no timestamps", attributes: ["user_id": "ada", "data": .map(["a": 1]), "expiration": Self.later],
            answer: .session(owner: "ada", hasEnd: true)),
        OlderItem(
            name: "attributes of another program",
            attributes: [
                "data": .map(["a": 1]), "expiration": Self.later, "tags": .stringSet(["x", "y"]), "raw": .binary([0, 255]), "size": 3,
            ],
            answer: .session(owner: nil, hasEnd: true)),
        OlderItem(name: "no expiration", attributes: ["data": .map(["a": 1])], answer: .session(owner: nil, hasEnd: false)),
        OlderItem(
            name: "user_id NULL", attributes: ["user_id": .null, "data": .map(["a": 1]), "expiration": Self.later],
            answer: .session(owner: nil, hasEnd: true)),
        OlderItem(
            name: "user_id empty", attributes: ["user_id": "", "data": .map(["a": 1]), "expiration": Self.later],
            answer: .session(owner: nil, hasEnd: true)),
        OlderItem(
            name: "expiration with decimals", attributes: ["data": .map(["a": 1]), "expiration": .number("4102444800.5")],
            answer: .session(owner: nil, hasEnd: true)),
        OlderItem(
            name: "times in seconds",
            attributes: [
                "data": .map(["a": 1]), "expiration": Self.later, "created_at": .number("1700000000"), "updated_at": .number("1700000001"),
            ],
            answer: .session(owner: nil, hasEnd: true)),
        OlderItem(
            name: "ended, and of no shape", attributes: ["data": "text", "expiration": .number("1000"), "user_id": 5], answer: .none),
        OlderItem(
            name: "data of another type", attributes: ["data": "text", "expiration": Self.later], answer: .malformed(deletable: true)),
        OlderItem(name: "data a list", attributes: ["data": .list([1])], answer: .malformed(deletable: true)),
        OlderItem(name: "no data", attributes: ["user_id": "ada", "expiration": Self.later], answer: .malformed(deletable: true)),
        OlderItem(
            name: "expiration a text", attributes: ["data": .map([:]), "expiration": "2030-01-01"], answer: .malformed(deletable: true)),
        OlderItem(
            name: "user_id no user id", attributes: ["user_id": "a b", "data": .map([:])], answer: .malformed(deletable: true)),
        OlderItem(name: "user_id a number", attributes: ["user_id": 5, "data": .map([:])], answer: .malformed(deletable: true)),
        OlderItem(name: "version a text", attributes: ["version": "7", "data": .map([:])], answer: .malformed(deletable: false)),
    ]
}

@Suite("Items of earlier programs", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), .timeLimit(.minutes(2)))
struct OlderItemTests {
    private static func key() throws -> SessionKey { .session(try SessionID("older-1")) }

    private func code(_ body: () async throws(SessionStoreError) -> Void) async -> SessionStoreError.Code? {
        do throws(SessionStoreError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("are read, written and deleted as docs/MIGRATION.md says", arguments: OlderItem.all)
    func answers(_ older: OlderItem) async throws {
        let key = try Self.key()
        try await LiveTable.with { table in
            try await table.put(key, older.attributes)
            let before = try await table.item(key)
            switch older.answer {
            case .session(let owner, let hasEnd):
                try await self.live(older, key, owner, hasEnd, table)
            case .none:
                #expect(try await table.store.session(key, as: .asOperator) == nil)
                try await table.store.update(key, set: ["b": 2])
                #expect(try await table.item(key)?["data"] == .map(["b": 2]))
                #expect(try await table.item(key)?["user_id"] == nil)
            case .malformed(let isDeletable):
                #expect(
                    await self.code { () async throws(SessionStoreError) in _ = try await table.store.session(key, as: .asOperator) }
                        == .malformedItem)
                #expect(
                    await self.code { () async throws(SessionStoreError) in
                        _ = try await table.store.update(key, set: ["b": 2], as: .asOperator)
                    }
                        == .malformedItem)
                #expect(try await table.item(key) == before, "what is refused changes nothing")
                let deletion = await self.code { () async throws(SessionStoreError) in
                    _ = try await table.store.delete(key, as: .asOperator)
                }
                #expect(deletion == (isDeletable ? nil : .malformedItem))
                #expect((try await table.item(key) == before) == !isDeletable)
            }
        }
    }

    private func live(_ older: OlderItem, _ key: SessionKey, _ owner: String?, _ hasEnd: Bool, _ table: LiveTable) async throws {
        let user = try UserID("ada")
        let session = try #require(try await table.store.session(key, as: .user(user)))
        #expect(session.data == ["a": 1])
        #expect(session.owner?.rawValue == owner)
        #expect(session.version == nil)
        #expect((session.expiration != nil) == hasEnd)
        if older.attributes["created_at"] != nil { #expect(session.createdAt == Timestamp(seconds: 1_700_000_000)) }
        if older.name.contains("decimals") { #expect(session.expiration == Timestamp(milliseconds: 4_102_444_800_500)) }

        let now = table.clock.now
        let result = try await table.store.update(key, set: ["b": 2], as: .user(user))
        #expect(result.version == SessionVersion(now.milliseconds + 1))
        let item = try #require(try await table.item(key))
        #expect(item["data"] == .map(["a": 1, "b": 2]))
        #expect(item["user_id"] == "ada", "the first write of a user claims what is nobody's")
        #expect(item["expiration"] == .number("\(now.seconds + 3600)"))
        #expect(item["created_at"] == older.attributes["created_at"])
        let ours: Set = ["session_id", "user_id", "data", "expiration", "version", "write_id", "created_at", "updated_at"]
        for (name, value) in older.attributes where !ours.contains(name) { #expect(item[name] == value, "\(name) is kept") }
        // And once more, now under the version.
        #expect(try await table.store.update(key, set: ["c": 3], as: .user(user)).version == SessionVersion(now.milliseconds + 2))
    }
}
