import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// What is in the table after a write, and what is made of what other programs put there.
@Suite("The item in the table", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), .timeLimit(.minutes(2)))
struct DynamoStoreItemTests {
    private let key: SessionKey
    private let user: UserID

    init() throws {
        self.key = .session(try SessionID("session-1"))
        self.user = try UserID("user-1")
    }

    private func code(_ body: () async throws(SessionStoreError) -> Void) async -> SessionStoreError.Code? {
        do throws(SessionStoreError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a new session has exactly the attributes of the design, in their units", arguments: DynamoServer.kinds)
    func created(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let now = table.clock.now
            let result = try await table.store.update(self.key, set: ["wallet_address": "0xabc"], as: .user(self.user))
            var item = try #require(try await table.item(self.key))
            let writeID = try #require(item.removeValue(forKey: "write_id")?.string)
            #expect(writeID.utf8.count == 32 && writeID.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
            #expect(
                item == [
                    "session_id": "session-1", "user_id": "user-1", "data": .map(["wallet_address": "0xabc"]),
                    "expiration": .number("\(now.seconds + 3600)"), "version": .number("\(now.milliseconds + 1)"),
                    "created_at": .number("\(now.milliseconds)"), "updated_at": .number("\(now.milliseconds)"),
                ])
            #expect(result.version == SessionVersion(now.milliseconds + 1))
            #expect(result.session?.owner == self.user)
        }
    }

    @Test(
        "a deletion leaves key, version and times; the next session continues above and drops nothing it needs",
        arguments: DynamoServer.kinds)
    func deleted(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            try await table.put(self.key, ["data": .map(["a": 1]), "version": 41, "user_id": "user-1", "other": .list([]), "size": 3])
            table.clock.advance(by: .seconds(2))
            let now = table.clock.now
            let result = try await table.store.delete(self.key, as: .user(self.user))
            #expect(result == WriteResult(session: nil, version: SessionVersion(42), changed: true))
            #expect(
                try await table.item(self.key) == [
                    "session_id": "session-1", "version": 42, "expiration": .number("\(now.seconds)"),
                    "updated_at": .number("\(now.milliseconds)"),
                ])
            #expect(try await table.store.session(self.key) == nil)
            let again = try await table.store.replace(self.key, with: ["b": 2])
            #expect(again.version == SessionVersion(43))
            #expect(try await table.item(self.key)?["user_id"] == nil)
        }
    }

    @Test("an update keeps what other programs added, a new session over an expired one drops it", arguments: DynamoServer.kinds)
    func unknownAttributes(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let end = table.clock.now.seconds + 10
            try await table.put(
                self.key, ["data": .map(["a": 1, "b": .null]), "expiration": .number("\(end)"), "added": "x", "created_at": .number("5")])
            try await table.store.update(self.key, set: ["b": 2], remove: ["a"])
            var item = try #require(try await table.item(self.key))
            #expect(item["added"] == "x")
            #expect(item["data"] == .map(["b": 2]))
            #expect(item["version"] == .number("\(table.clock.now.milliseconds + 1)"), "an item without versions gets one")
            #expect(item["created_at"] == 5)
            try await table.store.replace(self.key, with: ["c": 3])
            #expect(try await table.item(self.key)?["added"] == "x")
            table.clock.advance(by: .seconds(3601))
            try await table.store.update(self.key, set: ["d": 4])
            item = try #require(try await table.item(self.key))
            #expect(item["added"] == nil)
            #expect(item["data"] == .map(["d": 4]))
            #expect(item["created_at"] == .number("\(table.clock.now.milliseconds)"))
        }
    }

    @Test("a session without an end, of a program before this one, lives and gets one with the first write", arguments: DynamoServer.kinds)
    func withoutExpiration(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            try await table.put(self.key, ["data": .map(["wallet_address": "0x1"]), "user_id": .null])
            let session = try #require(try await table.store.session(self.key))
            #expect(session.expiration == nil && session.version == nil && session.owner == nil)
            let result = try await table.store.touch(self.key)
            #expect(result.session?.expiration == table.clock.now + LiveTable.timeToLive)
            try await table.put(self.key, ["data": .map([:]), "user_id": ""])
            #expect(try await table.store.update(self.key, set: ["a": 1], as: .user(self.user)).session?.owner == self.user)
        }
    }

    @Test(
        "an item of a wrong shape is an error for every call, and changed by none; an operator may delete it", arguments: DynamoServer.kinds
    )
    func malformed(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let shapes: [SessionData] = [
                ["data": "text"], ["data": .list([])], ["data": .map([:]), "user_id": 7], ["data": .map([:]), "expiration": "soon"], [:],
            ]
            for shape in shapes {
                try await table.put(self.key, shape)
                let store = table.store
                let before = try await table.item(self.key)
                for caller in [Caller.anonymous, .user(self.user), .asOperator] {
                    #expect(
                        await self.code { () throws(SessionStoreError) in _ = try await store.session(self.key, as: caller) }
                            == .malformedItem)
                    for change in [SessionWrite.Change.update(set: ["a": 1], remove: []), .replace([:]), .touch] {
                        let write = SessionWrite(self.key, change, as: caller)
                        #expect(await self.code { () throws(SessionStoreError) in _ = try await store.write(write) } == .malformedItem)
                    }
                }
                #expect(await self.code { () throws(SessionStoreError) in try await store.delete(self.key) } == .malformedItem)
                #expect(try await table.item(self.key) == before)
                #expect(try await store.delete(self.key, as: .asOperator).changed)
                #expect(try await store.session(self.key) == nil)
            }
        }
    }

    @Test("300 fields at once are kept, and those before them", arguments: DynamoServer.kinds)
    func manyFields(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            try await table.store.update(self.key, set: ["before": 1, "goes": 2])
            let set = SessionData(uniqueKeysWithValues: (0..<300).map { ("field\($0)", SessionValue.number("\($0)")) })
            let result = try await table.store.update(self.key, set: set, remove: ["goes"])
            #expect(result.session?.data == set.merging(["before": 1]) { $1 })
            // moto's parser recurses with each clause, and fails.
            guard kind != .moto else { return }
            let some = SessionData(uniqueKeysWithValues: (0..<200).map { ("field\($0)", SessionValue.null) })
            #expect(try await table.store.update(self.key, set: some).session?.data["field199"] == .null)
        }
    }

    @Test("a hint that is right saves a request, one that is wrong costs one, and never decides", arguments: DynamoServer.kinds)
    func hints(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let counting = CountingTransport(table.transport)
            let store = try table.peer(counting)
            let created = try await store.update(self.key, set: ["a": 1])
            #expect(counting.take() == [.updateItem])
            var write = SessionWrite(self.key, .update(set: ["b": 2], remove: []), basis: .live(created.version))
            let second = try await store.write(write)
            #expect(counting.take() == [.updateItem])
            for basis in [SessionWrite.Basis.live(created.version), .live(nil), .absent, .deleted(SessionVersion(3)), .unknown] {
                write = SessionWrite(self.key, .update(set: ["c": 3], remove: []), basis: basis)
                let result = try await store.write(write)
                #expect(result.session?.data == ["a": 1, "b": 2, "c": 3])
                #expect(try #require(result.version) > #require(second.version))
                #expect(Set(counting.take()) == [.updateItem])
            }
        }
    }

    @Test("400 KB are refused before anything is sent, and by the item as a whole", arguments: DynamoServer.kinds)
    func tooLarge(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let counting = CountingTransport(table.transport)
            let store = try table.peer(counting)
            let half = SessionValue.string(String(repeating: "x", count: 210_000))
            let whole = SessionValue.string(String(repeating: "x", count: 409_700))
            #expect(await self.code { () throws(SessionStoreError) in try await store.update(self.key, set: ["a": whole]) } == .tooLarge)
            #expect(counting.take() == [])
            let first = try await store.update(self.key, set: ["a": half])
            #expect(await self.code { () throws(SessionStoreError) in try await store.update(self.key, set: ["b": half]) } == .tooLarge)
            // With a hint the item is not known: then the server refuses.
            let write = SessionWrite(self.key, .update(set: ["b": half], remove: []), basis: .live(first.version))
            #expect(await self.code { () throws(SessionStoreError) in _ = try await store.write(write) } == .tooLarge)
            // moto refuses the result, but keeps it.
            if kind != .moto { #expect(try await store.session(self.key)?.version == first.version) }
        }
    }
}
