import AWS
import Adapter
import CacheStore
import Dynamo
import EventLoop
import JSON
import Logging
import Redis
import SessionStore
import SessionStoreTesting
import Settings
import TestSupport
import Testing

@testable import Wiring

@Suite("Wiring on several loops", .timeLimit(.minutes(3)))
struct SeveralLoopsTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func services(
        _ settings: Settings, _ environment: [String: String] = [:], _ body: (SessionServices) async throws -> Void
    ) async throws {
        let loops = try (0..<3).map { _ in try UVLoop() }
        let result: Result<Void, any Error>
        do {
            let services = try SessionServices(
                settings, loop: loops[0], others: Array(loops.dropFirst()), environment: Environment(environment), logger: Self.quiet,
                cachePatience: .seconds(5))
            do {
                try await body(services)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await services.close()
        } catch {
            result = .failure(error)
        }
        for loop in loops { await loop.shutdown() }
        try result.get()
    }

    private static let redis = (isExpected: RedisServer.isExpected, reason: Comment(rawValue: RedisServer.skipReason))

    @Test("without a cache a process's own store is one, and works")
    func memory() async throws {
        try await self.services(Settings(store: .memory)) { services in
            #expect(services.store is SpreadStore && services.cache == nil && services.redis == nil)
            await services.connect()
            for number in 0..<20 {
                let key = SessionKey.session(try SessionID("s-\(number)"))
                try await services.store.update(key, set: ["a": "b"])
                #expect(try await services.table.session(key)?.data == ["a": "b"])
            }
            #expect(await services.cacheReadiness() == .none)
        }
    }

    @Test("each loop has its share of the near cache, eight sessions at least; one loop has all of it")
    func nearCache() {
        var settings = Settings(store: .memory, nearCacheEntries: 10_000, nearCacheMaxAge: .milliseconds(200))
        #expect(SessionServices.cacheConfiguration(settings, nil, loops: 1).nearCache == .init(entries: 10_000, maxAge: .milliseconds(200)))
        #expect(SessionServices.cacheConfiguration(settings, nil, loops: 3).nearCache?.entries == 3334)
        settings.nearCacheEntries = 8
        #expect(SessionServices.cacheConfiguration(settings, nil, loops: 64).nearCache?.entries == 8)
        #expect(SessionServices.cacheConfiguration(Settings(store: .memory), "eu-west-1", loops: 2).nearCache == nil)
    }

    @Test("a problem of the table is told once, however many loops there are")
    func problems() async {
        await #expect {
            try await self.services(Settings(store: .dynamodb, table: "sessions", redisURL: "redis://127.0.0.1:1")) { _ in }
        } throws: { ($0 as? SettingsError)?.problems.count == 1 }
    }

    @Test("readiness asks over the connections of all loops", .enabled(if: redis.isExpected, redis.reason))
    func readiness() async throws {
        let server = try RedisServer()
        try await self.services(Settings(store: .memory, redisURL: server.url)) { services in
            await services.connect()
            #expect(services.lanes.allSatisfy { $0.redis?.connectionState == .ready })
            #expect(await services.cacheReadiness() == .ready)
            // One of three has no connection any more, and gets none.
            await services.lanes[2].redis?.close()
            guard case .unavailable(let reason) = await services.cacheReadiness() else {
                Issue.record("a loop without Redis is ready")
                return
            }
            #expect(reason.hasSuffix("."))
            #expect(services.redis?.connectionState == .ready)
        }
    }

    @Test("the adapter's turns find what earlier ones remembered, on whichever loop", .enabled(if: redis.isExpected, redis.reason))
    func adapter() async throws {
        let server = try RedisServer()
        let settings = Settings(store: .memory, redisURL: server.url)
        try await self.services(settings) { services in
            let adapter = BedrockAdapter(services, settings: settings, logger: Self.quiet)
            for number in 0..<12 {
                let user = "ada-\(number)"
                let stored = try BedrockReply(
                    await adapter.respond(
                        to: BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet, user: user, session: "s-\(number)")
                            .encoded))
                #expect(stored.status == "stored")
                let recalled = try BedrockReply(
                    await adapter.respond(
                        to: BedrockEvents.function("recallWallet", user: user, session: "later-\(number)").encoded))
                #expect(recalled.wallet == BedrockEvents.wallet)
            }
        }
    }

    @Test(
        "the contract over a table of DynamoDB, with connections and caches for each loop",
        .enabled(if: DynamoServer.isAvailable && RedisServer.isExpected, Comment(rawValue: DynamoServer.reason)))
    func dynamo() async throws {
        let (server, redis) = (try await DynamoServer.running(), try RedisServer())
        let environment = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(server.port)", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": server.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
        ]
        for url in [redis.url, nil] {
            let settings = Settings(store: .dynamodb, table: DynamoServer.tableName(), redisURL: url)
            try await self.services(settings, environment) { services in
                try await services.dynamo?.createTable()
                #expect(services.lanes.allSatisfy { $0.dynamo != nil } && services.lanes[0].dynamo !== services.lanes[1].dynamo)
                await services.connect()
                let report = try await SessionStoreContract.run {
                    ContractSubject(services.store, peers: [services.lanes[1].store], clock: services.clock)
                }
                #expect(!report.leftOut.isEmpty)
            }
        }
    }
}
