import AWS
import Adapter
import CacheStore
import Dynamo
import EventLoop
import JSON
import Logging
import Redis
import Sealing
import SessionStore
import Settings
import TestSupport
import Testing

@testable import Wiring

@Suite("Wiring", .timeLimit(.minutes(1)))
struct SessionServicesTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let aws = ["AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "secret"]

    private func services(
        _ settings: Settings, _ environment: [String: String] = Self.aws,
        _ body: (SessionServices) async throws -> Void
    ) async throws {
        let loop = try UVLoop()
        let result: Result<Void, any Error>
        do {
            let services = try SessionServices(
                settings, loop: loop, environment: Environment(environment), logger: Self.quiet)
            try await body(services)
            await services.close()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await loop.shutdown()
        try result.get()
    }

    private func problems(_ settings: Settings, _ environment: [String: String] = Self.aws) async -> [String] {
        do {
            try await self.services(settings, environment) { _ in }
            return []
        } catch {
            return (error as? SettingsError)?.problems ?? ["another error"]
        }
    }

    @Test("the store in memory works, and has neither table nor cache")
    func memory() async throws {
        try await self.services(Settings(store: .memory)) { services in
            #expect(services.dynamo == nil && services.redis == nil)
            let id = try SessionID("s-1")
            try await services.store.update(.session(id), set: ["a": "b"])
            #expect(try await services.store.session(.session(id))?.data == ["a": "b"])
            await services.connect()
        }
    }

    @Test("SQLite is refused: this program is built without it")
    func sqlite() async {
        let problems = await self.problems(Settings(store: .sqlite(path: "a/b.db")))
        #expect(problems.count == 1 && problems.first?.contains("BEDROCK_SESSIONS_STORE") == true)
    }

    @Test("DynamoDB is the table, and with Redis there is a cache before it", arguments: [nil, "redis://127.0.0.1:1/3"])
    func dynamo(redis: String?) async throws {
        try await self.services(Settings(store: .dynamodb, table: "sessions", redisURL: redis)) { services in
            #expect(services.dynamo?.configuration.table == "sessions")
            #expect((services.store is DynamoStore) == (redis == nil))
            #expect((services.redis == nil) == (redis == nil))
        }
    }

    @Test("the time to live is the settings'")
    func timeToLive() async throws {
        try await self.services(Settings(store: .dynamodb, table: "sessions", timeToLive: .seconds(7200))) { services in
            #expect(services.dynamo?.configuration.timeToLive == .seconds(7200))
        }
        try await self.services(Settings(store: .memory, timeToLive: .seconds(100))) { services in
            let result = try await services.store.update(.session(SessionID("s-1")), set: ["a": "b"])
            let left = try #require(result.session?.expiration) - services.clock.now
            #expect(left > .seconds(90) && left <= .seconds(101))
        }
    }

    @Test("problems of table and cache are listed together, without values")
    func allProblems() async {
        let settings = Settings(store: .dynamodb, table: "sessions", redisURL: "redis://user:s3cret@host:port")
        let problems = await self.problems(settings, [:])
        #expect(problems.count == 2)
        #expect(problems.first?.contains("AWS_REGION") == true && problems.last?.contains("BEDROCK_SESSIONS_REDIS_URL") == true)
        #expect(!problems.joined().contains("s3cret"))
    }

    @Test("a Redis on another machine needs a seal key, or somebody who says that it needs none", arguments: ["redis", "10.0.0.7"])
    func sealing(host: String) async throws {
        var settings = Settings(store: .memory, redisURL: "redis://user:s3cret@\(host):1")
        let problems = await self.problems(settings)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("BEDROCK_SESSIONS_REDIS_URL") == true)
        #expect(problems.first?.contains("BEDROCK_SESSIONS_SEAL_KEYS") == true && problems.first?.contains("s3cret") == false)
        settings.redisURL = "rediss://user:s3cret@\(host):1"
        #expect(await self.problems(settings).isEmpty, "TLS tells who is there, and hides what is said")
        settings.redisURL = "redis://user:s3cret@\(host):1"
        settings.seal = .none
        #expect(await self.problems(settings).isEmpty)
        settings.seal = .keys(try KeyRing(SealKey.freshLine(id: "k1")))
        #expect(await self.problems(settings).isEmpty)
    }

    @Test("files and identity beside the URL are the client's; what the URL says comes first")
    func redisSettings() async throws {
        let redis = RedisSetting(
            authorityFile: "/ca.pem", certificateFile: "/c.pem", keyFile: "/k.pem", identity: "iam://App@Cache?serverless=true")
        try await self.services(Settings(store: .memory, redisURL: "rediss://host", redis: redis)) { services in
            let configuration = try #require(services.redis?.configuration)
            #expect(configuration.tls?.authorityFile == "/ca.pem" && configuration.tls?.certificateFile == "/c.pem")
            #expect(configuration.tls?.keyFile == "/k.pem")
            #expect(configuration.iam?.user == "App" && configuration.iam?.cacheName == "cache" && configuration.iam?.isServerless == true)
        }
        let url = "rediss://host?ca=/own.pem&cert=/own-c.pem&key=/own-k.pem&iam=me@mine"
        try await self.services(Settings(store: .memory, redisURL: url, redis: redis)) { services in
            let configuration = try #require(services.redis?.configuration)
            #expect(configuration.tls?.authorityFile == "/own.pem" && configuration.tls?.keyFile == "/own-k.pem")
            #expect(configuration.iam?.user == "me" && configuration.iam?.cacheName == "mine")
        }
        try await self.services(Settings(store: .memory, redisURL: "rediss://user:pw@host", redis: redis)) { services in
            #expect(services.redis?.configuration.iam == nil)
        }
    }

    @Test("an identity needs TLS, a region and its form")
    func identityProblems() async throws {
        let identity = RedisSetting(identity: "iam://app@cache")
        let plain = await self.problems(Settings(store: .memory, redisURL: "redis://localhost", redis: identity))
        #expect(plain.count == 1 && plain.first?.contains("rediss://") == true)
        let nowhere = await self.problems(Settings(store: .memory, redisURL: "rediss://localhost", redis: identity), [:])
        #expect(nowhere.count == 1 && nowhere.first?.contains("AWS_REGION") == true)
        let given = RedisSetting(identity: "iam://app@cache?region=eu-west-1")
        #expect(await self.problems(Settings(store: .memory, redisURL: "rediss://localhost", redis: given), [:]).isEmpty)
        let wrong = RedisSetting(identity: "app")
        let form = await self.problems(Settings(store: .memory, redisURL: "rediss://localhost", redis: wrong))
        #expect(form.count == 1 && form.first?.hasPrefix("BEDROCK_SESSIONS_REDIS_IDENTITY") == true)
    }

    @Test(
        "a loopback is told by its address, not by what a name begins with",
        arguments: [
            ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("0:0:0:0:0:0:0:1", true),
            ("::ffff:127.0.0.1", true), ("127.0.0.1.example.com", false), ("localhost.example.com", false), ("redis", false),
            ("10.0.0.1", false), ("128.0.0.1", false), ("0.0.0.0", false), ("::", false), ("::2", false), ("::ffff:10.0.0.1", false),
            ("127.1", false), ("", false),
        ])
    func loopback(host: String, isLoopback: Bool) {
        #expect(SealPolicy.isLoopback(host) == isLoopback)
    }

    @Test("the cache seals with the settings' keys, for the region in use, and prints neither")
    func sealedCache() async throws {
        let ring = try KeyRing(SealKey.freshLine(id: "k1"))
        let settings = Settings(store: .dynamodb, table: "sessions", redisURL: "redis://127.0.0.1:1", seal: .keys(ring))
        try await self.services(settings) { services in
            let cache = try #require(services.store as? CacheStore<DynamoStore>)
            #expect(cache.configuration.seal == SealKeys(ring))
            #expect(cache.configuration.region == "eu-central-1")
            #expect(services.dynamo?.configuration.region == "eu-central-1")
        }
        try await self.services(Settings(store: .memory, redisURL: "redis://127.0.0.1:1")) { services in
            let cache = try #require(services.store as? CacheStore<MemoryStore>)
            #expect(cache.configuration.seal == nil)
            #expect(cache.configuration.region == "local")
        }
    }

    @Test("connecting early to what is not there is no failure")
    func connecting() async throws {
        let port = try freePort()
        var environment = Self.aws
        environment["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:\(port)"
        try await self.services(Settings(store: .dynamodb, table: "sessions", redisURL: "redis://127.0.0.1:\(port)"), environment) {
            await $0.connect()
        }
    }

    @Test("the user attribute of the settings reaches the adapter")
    func adapter() async throws {
        let settings = Settings(store: .memory, userAttribute: "customer")
        try await self.services(settings) { services in
            let adapter = BedrockAdapter(services, settings: settings, logger: Self.quiet)
            var event = BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet)
            event["sessionAttributes"]?["customer"] = "ada"
            let reply = try BedrockReply(await adapter.respond(to: event.encoded))
            #expect(reply.status == "stored")
            let memory = try await services.store.session(.user(UserID("ada")), as: .asOperator)
            #expect(memory != nil)
        }
    }

    @Test("what is remembered, confirmed and answered reaches the adapter")
    func remembering() throws {
        #expect(AdapterConfiguration(Settings(store: .memory)) == AdapterConfiguration())
        var settings = Settings(store: .memory)
        settings.remembering.fields.append(try RememberedField("chain", .text))
        settings.remembering.allowsWalletChanges = true
        settings.remembering.confirmedActions = ["POST /wallet"]
        settings.remembering.acceptsDirectEvents = false
        let configuration = AdapterConfiguration(settings)
        #expect(configuration.remembered == settings.remembering.fields && configuration.walletChange == .allow)
        #expect(configuration.confirmedActions == ["POST /wallet"] && !configuration.acceptsDirectEvents)
    }

    @Test("sleeps of the loop's clock end, and end early when cancelled")
    func clock() async throws {
        let loop = try UVLoop()
        let clock = LoopClock(SystemClock(), loop: loop)
        try await clock.sleep(for: .milliseconds(1))
        let sleeper = Task { try await clock.sleep(for: .seconds(3600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        await loop.shutdown()
        await #expect(throws: EventLoopError.self) { try await clock.sleep(for: .seconds(1)) }
    }

    @Test("an embedded store stands in for SQLite, and its cache has a name of its own")
    func embedded() async throws {
        let loop = try UVLoop()
        let services = try SessionServices(
            Settings(store: .sqlite(path: "/"), redisURL: "redis://127.0.0.1:1"), loop: loop, environment: Environment([:]),
            logger: Self.quiet, embedded: MemoryStore())
        let id = try SessionID("s-1")
        // Nothing listens there: the table answers all the same, and the cache alone says that it does not.
        try await services.store.update(.session(id), set: ["a": "b"])
        #expect(try await services.table.session(.session(id))?.data == ["a": "b"])
        let cache = try #require(services.cache)
        await #expect(throws: SessionStoreError.self) { try await cache.session(.session(id)) }
        await #expect(throws: SessionStoreError.self) { try await cache.update(.session(id), set: ["a": "c"]) }
        await services.close()
        await loop.shutdown()
    }

    @Test("cache names tell files apart, whatever they are called, and never match in memory")
    func cacheNames() {
        let root = CacheName.of(Settings(store: .sqlite(path: "/")))
        #expect(root == CacheName.of(Settings(store: .sqlite(path: "/../"))))
        #expect(root != CacheName.of(Settings(store: .sqlite(path: "/tmp"))))
        #expect(CacheName.of(Settings(store: .memory)) != CacheName.of(Settings(store: .memory)))
        #expect(CacheName.of(Settings(store: .memory, table: "orders")) == "orders")
    }
}
