import AWS
import CacheStore
import Dynamo
import EventLoop
import Locked
import Logging
import Operations
import Redis
import SessionStore
import Settings
import TestSupport
import Testing
import Wiring

/// Forgetting while others read and write the same sessions.
@Suite(
    "Forgetting in the middle of things",
    .enabled(if: DynamoServer.isAvailable && RedisServer.isExpected, "needs ministack and redis-server: `make test` installs both"),
    .timeLimit(.minutes(2)))
struct ForgettingTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A process's view of one table behind one Redis.
    private static func services(_ table: String, _ redis: RedisServer, _ loop: UVLoop) async throws -> SessionServices {
        let server = try await DynamoServer.running()
        let environment = Environment([
            "AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": server.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
        ])
        let settings = Settings(store: .dynamodb, table: table, redisURL: redis.url)
        return try await SessionServices.open(
            settings, loop: loop, environment: environment, logger: Self.quiet, cachePatience: .seconds(2))
    }

    @Test(
        "readers meanwhile get a session or none, none afterwards; both tiers hold nothing of the user; a write that was acknowledged later is kept"
    )
    func concurrent() async throws {
        let (loop, redis) = (try UVLoop(name: "forgetting"), try RedisServer())
        let table = DynamoServer.tableName("forgetting")
        let (here, there) = (try await Self.services(table, redis, loop), try await Self.services(table, redis, loop))
        try await here.dynamo?.createTable()
        let user = try UserID("ada")
        let keys = try (0..<20).map { SessionKey.session(try SessionID("s-\($0)")) }
        for key in keys { try await here.store.update(key, set: ["a": 1], as: .user(user)) }
        let forgetting = try #require(Forgetting(user, in: here))
        let over = Locked(false)
        // One session is written all the time, the others are read.
        let written = Task { () async throws in
            var count: Int64 = 0
            while !over.withLock({ $0 }) || count < 5 {
                count += 1
                try await there.store.update(keys[0], set: ["a": .number("\(count)")], as: .user(user))
            }
            return count
        }
        let reading = Task { () async throws in
            while !over.withLock({ $0 }) {
                for key in keys.dropFirst() {
                    let session = try await there.store.session(key, as: .user(user))
                    #expect(session == nil || session?.data == ["a": 1])
                }
            }
        }
        let found = try await forgetting.items(byIndex: false) { _ in }
        let receipt = try await forgetting.run(found, byIndex: false) { _ in }
        #expect(receipt.sessions + receipt.writtenAgain >= 20)
        over.withLock { $0 = true }
        let last = try await written.value
        try await reading.value
        for key in keys.dropFirst() {
            #expect(try await there.store.session(key, as: .user(user)) == nil)
            #expect(try await here.tiers.look(key).table == .none)
        }
        // The last write was acknowledged after the last step of the forgetting, or was forgotten whole.
        let survivor = try await there.store.session(keys[0], as: .user(user))
        #expect(survivor == nil || survivor?.data == ["a": .number("\(last)")])

        // With nobody writing any more nothing is left.
        let again = try await forgetting.run(try await forgetting.items(byIndex: false) { _ in }, byIndex: false) { _ in }
        #expect(again.isComplete)
        let core = try #require(here.core)
        for key in keys {
            let view = try await here.tiers.look(key)
            #expect(view.table == .none)
            switch try await core.examine(key).state {
            case .none, .absent: break
            case .live, .tombstone, .lease, .intent, .bad: Issue.record("the cache still has something of a forgotten session")
            }
        }
        await here.close()
        await there.close()
        await loop.shutdown()
    }

    @Test("an item that was written since is not purged, one that ended is, and so is one of its owner", arguments: DynamoServer.kinds)
    func purge(_ kind: DynamoServer.Kind) async throws {
        let loop = try UVLoop(name: "purge")
        let server = try await DynamoServer.running(kind)
        let credentials = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey)
        let configuration = DynamoConfiguration(table: DynamoServer.tableName("purge"), region: "us-east-1", endpoint: server.endpoint)
        let store = try DynamoStore(
            loop: loop, configuration: configuration, credentials: credentials, clock: SystemClock(), logger: Self.quiet)
        try await store.createTable()
        let (key, ada, bob) = (SessionKey.session(try SessionID("s-1")), try UserID("ada"), try UserID("bob"))
        #expect(try await store.purge(key, if: .ended) == .removed, "there is none")
        try await store.update(key, set: ["a": 1], as: .user(ada))
        #expect(try await store.purge(key, if: .ended) == .kept)
        #expect(try await store.purge(key, if: .owned(bob)) == .kept)
        #expect(try await store.session(key, as: .user(ada)) != nil)
        try await store.delete(key, as: .user(ada))
        #expect(try await store.item(key) != nil, "a mark is left")
        #expect(try await store.purge(key, if: .ended) == .removed)
        #expect(try await store.item(key) == nil)
        try await store.update(key, set: ["a": 1], as: .user(ada))
        #expect(try await store.purge(key, if: .owned(ada)) == .removed)
        #expect(try await store.item(key) == nil)
        for operation in [DynamoOperation.getItem, .putItem, .updateItem, .deleteItem, .batchGetItem, .scan] {
            try await store.probe(operation)
        }
        #expect(try await store.sample(10).isEmpty, "probes change nothing")
        await store.close()
        await loop.shutdown()
    }
}
