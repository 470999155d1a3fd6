import AWS
import Dynamo
import EventLoop
import JSON
import Logging
import Redis
import SessionStore
import TestSupport
import Testing

@Suite(
    "bootstrap between a runtime API, a Redis and a DynamoDB",
    .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)),
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct ConversationTests {
    @Test(
        "the demo's conversations, in both styles and both orders, with Redis and without", arguments: TwoConversations.Styles.allCases,
        [true, false])
    func demo(styles: TwoConversations.Styles, isCached: Bool) async throws {
        let redis = isCached ? try RedisServer() : nil
        let place = try await Place(redis: redis)
        var agent = Agent(try LambdaProcess(place.environment))
        try await agent.play(TwoConversations(styles, name: "ada-\(place.table)"))
        #expect(await agent.lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()
    }

    @Test("two conversations in both styles know the wallet, the cache ends with the item, and an outage of Redis changes no answer")
    func conversations() async throws {
        let redis = try RedisServer()
        let place = try await Place(redis: redis)
        var agent = Agent(try LambdaProcess(place.environment))

        let unknown = try await agent.ask(BedrockEvents.api("GET", user: "ada", session: "first-session"), id: "a1")
        #expect(unknown.code == 404 && unknown.status == "needed")
        let stored = try await agent.ask(
            BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "ada", session: "first-session"), id: "a2")
        #expect(stored.code == 200 && stored.wallet == BedrockEvents.wallet)
        #expect(
            try await agent.ask(BedrockEvents.api("GET", user: "ada", session: "first-session"), id: "a3").wallet == BedrockEvents.wallet)
        #expect(
            try await agent.ask(BedrockEvents.function("recallWallet", user: "ada", session: "next-session")).wallet == BedrockEvents.wallet
        )

        let other = BedrockEvents.function("rememberWallet", wallet: BedrockEvents.otherWallet, session: "anonymous-session")
        #expect(try await agent.ask(other).status == "stored")
        #expect(
            try await agent.ask(BedrockEvents.function("recallWallet", session: "anonymous-session")).wallet == BedrockEvents.otherWallet)
        #expect(try await agent.ask(BedrockEvents.api("GET", session: "anonymous-session")).wallet == BedrockEvents.otherWallet)
        #expect(try await agent.ask(BedrockEvents.api("GET", user: "eve", session: "first-session")).code == 403)

        let session = try #require(try await place.store.session(.session(SessionID("anonymous-session"))))
        let client = RedisClient(loop: place.loop, configuration: try RedisConfiguration(url: redis.url), logger: Logger(label: "test"))
        let reply = try await client.send(["PEXPIRETIME", "bs1:\(place.table):anonymous-session"].map { Array($0.utf8) })
        #expect(reply == .integer(try #require(session.expiration).milliseconds))
        await client.close()

        redis.kill()
        #expect(try await agent.ask(BedrockEvents.api("GET", user: "ada", session: "first-session")).wallet == BedrockEvents.wallet)
        #expect(try await agent.ask(BedrockEvents.function("forgetWallet", user: "ada", session: "next-session")).status == "forgotten")
        #expect(try await agent.ask(BedrockEvents.function("recallWallet", user: "ada", session: "last-session")).state == "REPROMPT")
        #expect(await agent.lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()
    }

    @Test("without Redis everything is answered from the table")
    func noCache() async throws {
        let place = try await Place(redis: nil)
        var agent = Agent(try LambdaProcess(place.environment))
        #expect(try await agent.ask(BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet)).status == "stored")
        #expect(try await agent.ask(BedrockEvents.api("GET")).wallet == BedrockEvents.wallet)
        #expect(await agent.lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()
    }

    @Test("a table that does not answer is a failure without internals, never an unknown wallet")
    func tableDown() async throws {
        let place = try await Place(redis: nil)
        var environment = place.environment
        environment["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:\(try freePort())"
        var agent = Agent(try LambdaProcess(environment))
        let reply = try await agent.ask(BedrockEvents.api("GET"))
        #expect(reply.code == 503 && reply.status == "unavailable" && !reply.message.contains("127.0.0.1"))
        let malformed = try await agent.ask(["nothing": "of use"])
        #expect(malformed.status == "malformed_event")
        #expect(await agent.lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()
    }
}
