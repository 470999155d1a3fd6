import EmbeddedStore
import Foundation
import GRDB
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("The store on SQLite", .timeLimit(.minutes(1)))
struct EmbeddedStoreTests {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let key: SessionKey

    init() throws {
        self.folder = try TemporaryFolder()
        self.key = .session(try SessionID("session-1"))
    }

    private func open(_ path: String? = nil, timeToLive: Duration = .seconds(60)) throws -> EmbeddedStore {
        try EmbeddedStore(
            path: path ?? self.folder.file("sessions.db"), timeToLive: timeToLive, busyTimeout: .milliseconds(200), clock: self.clock)
    }

    private func sql<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: self.folder.file("sessions.db"))
        defer { try? queue.close() }
        return try queue.write(body)
    }

    @Test("it creates folders and file, for their owner only")
    func creation() async throws {
        let path = self.folder.file("a/b/sessions.db")
        let store = try self.open(path)
        try await store.update(self.key, set: ["a": "1"])
        let rights = { (path: String) in try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int }
        #expect(try rights(path) == 0o600)
        #expect(try rights(path + "-wal") == 0o600)
        #expect(try rights(self.folder.file("a/b")) == 0o700)
        try await store.createTable()
        store.close()
    }

    @Test("what was written is there when the file is opened again")
    func durable() async throws {
        let first = try self.open()
        let written = try await first.update(self.key, set: ["a": "1"], as: .user(try UserID("ann")))
        first.close()
        let second = try self.open()
        #expect(try await second.session(self.key, as: .user(try UserID("ann"))) == written.session)
        second.close()
    }

    @Test("a row reads like the item in DynamoDB")
    func readable() async throws {
        let store = try self.open()
        try await store.update(
            self.key, set: ["wallet_address": "0x0", "n": 1, "bytes": .binary([1, 2, 255])], as: .user(try UserID("ann")))
        try self.sql { database in
            let row = try #require(try Row.fetchOne(database, sql: "SELECT * FROM sessions"))
            #expect(row["session_id"] == "session-1")
            #expect(row["user_id"] == "ann")
            #expect(row["data"] == #"{"bytes":{"B":"AQL/"},"n":{"N":"1"},"wallet_address":{"S":"0x0"}}"#)
            #expect(row["expiration"] == self.clock.now.seconds + 60)
        }
        store.close()
    }

    @Test("ended and deleted rows are removed by later writes and by opening, and versions go on")
    func removal() async throws {
        let store = try self.open()
        for number in 0..<100 { try await store.update(.session(try SessionID("session-\(number)")), set: ["a": "1"]) }
        var last = try await store.update(self.key, set: ["b": "1"]).version
        self.clock.advance(by: .seconds(30))
        try await store.update(.session(try SessionID("lives-on")), set: ["a": "1"])
        self.clock.advance(by: .seconds(30))
        try await store.update(.session(try SessionID("new")), set: ["a": "1"])
        #expect(try self.count() == 70)
        store.close()
        let again = try self.open()
        #expect(try self.count() == 2)

        // Many changes within a millisecond take the versions ahead of the clock; removal does not let them fall back.
        for _ in 0..<50 { last = try await again.update(self.key, set: ["c": "1"]).version }
        try await again.delete(self.key)
        try await again.update(.session(try SessionID("another")), set: [:])
        #expect(try self.sql { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions WHERE session_id = 'session-1'") } == 0)
        let created = try await again.update(self.key, set: ["d": "1"])
        #expect(try #require(created.version) > #require(last))
        again.close()
    }

    private func count() throws -> Int? {
        try self.sql { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") }
    }

    @Test(
        "a row that this program did not write is an error for that key alone, not a missing session",
        arguments: [
            "data = 'no json'", "data = '{\"a\":1}'", "data = '{\"a\":{\"S\":1}}'", "data = '{\"a\":{\"X\":\"1\"}}'", "data = '[]'",
            "data = '{\"a\":{\"S\":\"1\",\"N\":\"1\"}}'", "data = '{\"a\":{\"B\":\"?\"}}'", "data = '{\"a\":{\"L\":{}}}'",
            "user_id = 'a b'",
            "version = 'one'", "expiration = 'soon'", "data = '{\"a\":{\"BOOL\":\"true\"}}'", "user_id = x'ff'",
        ])
    func malformed(change: String) async throws {
        let store = try self.open()
        let healthy = SessionKey.session(try SessionID("healthy"))
        for key in [self.key, healthy] { try await store.update(key, set: ["a": "1"]) }
        try self.sql { try $0.execute(sql: "UPDATE sessions SET \(change) WHERE session_id = 'session-1'") }
        for call in 0..<3 {
            let error = await #expect(throws: SessionStoreError.self) {
                switch call {
                case 0: _ = try await store.session(self.key, as: .asOperator)
                case 1: _ = try await store.update(self.key, set: ["b": "1"], as: .asOperator)
                default: _ = try await store.delete(self.key, as: .asOperator)
                }
            }
            #expect(error?.code == .malformedItem)
        }
        let batch = try await store.read(batch: [self.key, healthy], as: .asOperator, consistency: .strong)
        #expect(throws: SessionStoreError.self) { try batch[self.key]?.get() }
        #expect(try batch[healthy]?.get()?.data == ["a": "1"])
        store.close()
    }

    @Test("a closed store says so")
    func closed() async throws {
        let store = try self.open()
        store.close()
        store.close()
        let read = await #expect(throws: SessionStoreError.self) { try await store.session(self.key) }
        let write = await #expect(throws: SessionStoreError.self) { try await store.update(self.key, set: ["a": "1"]) }
        #expect(read?.code == .closed)
        #expect(write?.code == .closed)
    }

    @Test("a cancelled task writes nothing")
    func cancelled() async throws {
        let store = try self.open()
        let key = self.key
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await #expect(throws: SessionStoreError.self) { try await store.update(key, set: ["a": "1"]) }?.code
        }
        #expect(await task.value == .cancelled)
        #expect(try await store.session(key) == nil)
        store.close()
    }

    @Test("a file that another process keeps busy is an error after the timeout, while reads go on")
    func busy() async throws {
        let store = try self.open()
        try await store.update(self.key, set: ["a": "1"])
        var configuration = GRDB.Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: self.folder.file("sessions.db"), configuration: configuration)
        let key = self.key
        try await other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await #expect(throws: SessionStoreError.self) { try await store.update(key, set: ["b": "1"]) }
        #expect(error?.code == .throttled)
        #expect(try await store.session(key)?.data == ["a": "1"])
        try await other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        #expect(try await store.update(key, set: ["b": "1"]).session?.data == ["a": "1", "b": "1"])
        try other.close()
        store.close()
    }
}

extension DatabaseQueue {
    /// Statements that leave a transaction open.
    fileprivate func inDatabase(_ body: @Sendable (Database) throws -> Void) async throws {
        try await self.writeWithoutTransaction(body)
    }
}
