import AWS
import EventLoop
import JSON
import Locked
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Dynamo

@Suite("Operations on a real server", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), .timeLimit(.minutes(3)))
struct OperationTests {
    private let key: SessionKey
    private let ada: UserID
    private let bob: UserID
    private let patience = Duration.seconds(40)

    init() throws {
        self.key = .session(try SessionID("session-1"))
        self.ada = try UserID("ada")
        self.bob = try UserID("bob")
    }

    @Test("PutItem and DeleteItem keep their conditions, and say what was there", arguments: DynamoServer.kinds)
    func putAndDelete(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            var absent = Expression()
            absent.require("attribute_not_exists(\(absent.path(.key).text))")
            let item: SessionData = ["session_id": "session-1", "data": .map(["a": 1]), "version": 7]
            let client = table.client
            #expect(try await client.putItem(table: table.name, item: item, if: absent, deadline: self.patience) == .applied(nil))
            let second = try await client.putItem(table: table.name, item: item, if: absent, deadline: self.patience)
            guard case .conditionFailed(let there) = second else {
                Issue.record("the second PutItem was \(second)")
                return
            }
            #expect(there == nil || there?.record.version == SessionVersion(7))

            var older = Expression()
            older.require("\(older.path(.version).text) = \(older.value(6))")
            let kept = try await client.deleteItem(table: table.name, key: self.key, if: older, deadline: self.patience)
            if case .conditionFailed = kept {} else { Issue.record("a deletion under a false condition was \(kept)") }
            let deleted = try await client.deleteItem(table: table.name, key: self.key, deadline: self.patience)
            guard case .applied(let before?) = deleted else {
                Issue.record("the deletion was \(deleted)")
                return
            }
            #expect(before.record.version == SessionVersion(7))
            #expect(try await client.deleteItem(table: table.name, key: self.key, deadline: self.patience) == .applied(nil))
            #expect(try await client.getItem(table: table.name, key: self.key, deadline: self.patience) == nil)
        }
    }

    @Test("the sessions of a user, by the index: live ones of that user and no other", arguments: DynamoServer.kinds)
    func userIndex(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let missing = await #expect(throws: SessionStoreError.self) { try await table.store.sessions(of: self.ada) }
            #expect(missing?.code == .misconfigured || missing?.code == .tableMissing)
            // Added to a table that is there, twice.
            for _ in 0..<2 { try await table.store.createTable(with: TableFeatures(userIndex: true)) }
            let ids = try (0..<12).map { SessionKey.session(try SessionID("session-\($0)")) }
            for (number, id) in ids.enumerated() {
                try await table.store.update(id, set: ["n": .number("\(number)")], as: .user(number < 9 ? self.ada : self.bob))
            }
            try await table.store.update(.user(self.ada), set: ["memory": true], as: .user(self.ada))
            try await table.store.delete(ids[0], as: .user(self.ada))
            try await table.put(
                ids[1], ["data": .map([:]), "user_id": "ada", "version": 1, "expiration": .number("\(table.clock.now.seconds - 5)")])
            let sessions = try await table.store.sessions(of: self.ada)
            #expect(Set(sessions.map(\.key)) == Set(ids[2..<9]))
            #expect(try await table.store.sessions(of: self.ada, limit: 3).count <= 3)
            #expect(try await table.store.sessions(of: try UserID("nobody")).isEmpty)
        }
    }

    @Test("a table may have its index and point-in-time recovery from the start", arguments: DynamoServer.kinds)
    func features(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let configuration = DynamoConfiguration(
                table: DynamoServer.tableName(), readDeadline: self.patience, attemptDeadline: self.patience, writeBudget: self.patience)
            let store = try DynamoStore(
                client: table.client, configuration: configuration, clock: table.clock, logger: Logger(label: "test"))
            for _ in 0..<2 { try await store.createTable(with: TableFeatures(userIndex: true, pointInTimeRecovery: true)) }
            #expect(try await table.client.describeBackups(configuration.table, deadline: self.patience))
            #expect(try await !table.client.describeBackups(table.name, deadline: self.patience))
            let description = try await table.client.describeTable(configuration.table, deadline: self.patience)
            #expect(description?.indexes["user_id-index"] == TableDescription.Index(isActive: true, isByUser: true))
            #expect(try await store.sessions(of: self.ada).isEmpty)
        }
    }

    @Test("a scan in segments sees every item once, and says what each is", arguments: DynamoServer.kinds, [1, 3])
    func scan(kind: DynamoServer.Kind, segments: Int) async throws {
        try await LiveTable.with(kind) { table in
            let now = table.clock.now.seconds
            let ids = try (0..<40).map { SessionKey.session(try SessionID("session-\($0)")) }
            for (number, id) in ids.enumerated() {
                let attributes: SessionData =
                    switch number % 4 {
                    case 0: ["data": .map(["n": 1]), "version": 1]
                    case 1: ["data": .map([:]), "version": 1, "expiration": .number("\(now - 5)")]
                    case 2: ["version": 5, "expiration": .number("\(now)"), "updated_at": .number("\(now)000")]
                    default: ["data": "no map", "version": 1]
                    }
                try await table.put(id, attributes)
            }
            try await table.client.putItem(
                table: table.name, item: ["session_id": "no session id!", "data": .map([:])], deadline: self.patience)
            let seen = Locked<[TableItem]>([])
            try await table.store.scan(segments: segments, pageSize: 7, isConsistent: true) { page in
                #expect(page.count <= 7)
                seen.withLock { $0 += page }
            }
            let items = seen.withLock { $0 }
            #expect(items.count == 41)
            #expect(Set(items.compactMap(\.key)) == Set(ids))
            var counts = [0, 0, 0, 0]
            for item in items {
                switch item.state {
                case .live(let session): counts[0] += session.data == ["n": 1] ? 1 : 0
                case .expired: counts[1] += 1
                case .deleted: counts[2] += 1
                case .malformed(let text):
                    counts[3] += 1
                    #expect(!text.contains("no map") && !text.contains("no session id"), "no values in sentences")
                }
            }
            #expect(counts == [10, 10, 10, 11])
            // What a page's reader throws ends the scan.
            let stop = SessionStoreError(.cancelled, "enough")
            await #expect(throws: stop) {
                try await table.store.scan(segments: segments, pageSize: 1) { _ throws(SessionStoreError) in throw stop }
            }
        }
    }

    @Test("a scan's numbers have their ranges", arguments: [(0, 1), (1_000_001, 1), (1, 0)])
    func ranges(segments: Int, pageSize: Int) async throws {
        let store = try DynamoStore(
            client: DynamoClient(transport: ScriptedTransport { _ in .success([]) }), configuration: DynamoConfiguration(),
            clock: ManualClock(), logger: Logger(label: "test"))
        let error = await #expect(throws: SessionStoreError.self) { try await store.scan(segments: segments, pageSize: pageSize) { _ in } }
        #expect(error?.code == .invalidValue)
    }
}
