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

    @Test("a change waits for the code that the user types, across a restart, and not for the model's echo", arguments: [true, false])
    func confirmation(hasRedis: Bool) async throws {
        let redis = try hasRedis ? RedisServer() : nil
        let place = try await Place(redis: redis)
        var agent = Agent(try LambdaProcess(place.environment))
        let words = "Use \(BedrockEvents.otherWallet) from now on."
        func change(_ words: String, code: String? = nil) -> JSONValue {
            BedrockEvents.function("rememberWallet", wallet: BedrockEvents.otherWallet, user: "ada", words: words, code: code)
        }
        #expect(try await agent.ask(BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "ada")).status == "stored")
        let asked = try await agent.ask(change(words))
        #expect(asked.status == "confirmation_needed" && asked.state == "REPROMPT")
        #expect(asked.message.contains(BedrockEvents.wallet) && asked.message.contains(BedrockEvents.otherWallet))
        let code = try #require(asked.body?["wallet_confirmation_code"]?.string)
        #expect(try await agent.ask(change(words, code: code)).status == "confirmation_needed")
        #expect(await agent.lambda.stop() == .exit(code: 0))

        agent = Agent(try LambdaProcess(place.environment))
        #expect(try await agent.ask(change("thanks", code: code)).status == "confirmation_needed")
        #expect(try await agent.ask(BedrockEvents.api("GET", user: "ada", session: "next-session")).wallet == BedrockEvents.wallet)
        #expect(try await agent.ask(change("Yes, \(code)", code: code)).status == "stored")
        #expect(try await agent.ask(BedrockEvents.api("GET", user: "ada", session: "next-session")).wallet == BedrockEvents.otherWallet)
        #expect(await agent.lambda.stop() == .exit(code: 0))
        let memory = try await place.store.session(.user(UserID("ada")), as: .asOperator)
        #expect(memory?.data["previous_wallet_address"]?.string == BedrockEvents.wallet)
        #expect(memory?.data["wallet_pending"] == nil)
        await place.loop.shutdown()
    }

    @Test(
        "an action of the group's own calls its API with the remembered wallet; delivered again, to a process that has just started, it does not",
        arguments: [true, false])
    func actionGroup(hasRedis: Bool) async throws {
        let redis = try hasRedis ? RedisServer() : nil
        let api = try HTTPLoopback { _ in .answer(201, [("Content-Type", "application/json")], #"{"order":"o-1"}"#) }
        let code = try TemporaryFolder()
        let schema = """
            {"openapi":"3.0.3","paths":{"/orders/{buyer}":{"post":{
             "parameters":[{"name":"buyer","in":"path","required":true,"schema":{"type":"string"},"x-remember":"wallet_address"}],
             "requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"quantity":{"type":"integer"}}}}}}}}}}
            """
        _ = try code.file("schema.json", Array(schema.utf8))
        let place = try await Place(redis: redis)
        let environment = place.environment.merging([
            "LAMBDA_TASK_ROOT": code.path, "BEDROCK_SESSIONS_API_URL": api.url, "BEDROCK_SESSIONS_API_KEY_HEADER": "X-Api-Key",
            "BEDROCK_SESSIONS_API_KEY_VALUE": "s3cr3t-key",
        ]) { $1 }
        var event = BedrockEvents.api("POST", "/orders/{buyer}", user: "ada")
        event["requestBody"] = ["content": ["application/json": ["properties": [["name": "quantity", "type": "integer", "value": "2"]]]]]
        var agent = Agent(try LambdaProcess(environment))
        #expect(try await agent.ask(BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "ada")).status == "stored")
        for attempt in 1...2 {
            let reply = try await agent.ask(event, id: "order-\(attempt)")
            #expect(reply.code == 201 && reply.bodyText == #"{"order":"o-1"}"#)
            #expect(await agent.lambda.stop() == .exit(code: 0))
            if attempt == 1 { agent = Agent(try LambdaProcess(environment)) }
        }
        #expect(api.requests.map { "\($0.method) \($0.target)" } == ["POST /orders/\(BedrockEvents.wallet)"])
        #expect(api.requests.first?["x-api-key"] == "s3cr3t-key" && api.requests.first?.body == Array(#"{"quantity":2}"#.utf8))
        await place.loop.shutdown()
    }

    @Test("a plain test event stores and answers what is stored; switched off, it is refused")
    func directEvents() async throws {
        let place = try await Place(redis: nil)
        let event: JSONValue = ["session_id": "s-1", "user_id": "ada", "wallet_address": .string(BedrockEvents.wallet), "data": ["a": 1]]
        var environment = place.environment
        for (setting, found) in [("on", true), ("off", nil)] as [(String, JSONValue?)] {
            environment["BEDROCK_SESSIONS_DIRECT_EVENTS"] = setting
            var agent = Agent(try LambdaProcess(environment))
            let answer = try await agent.ask(event).answer
            #expect(answer["found"] == found && (answer["error"] == nil) == (setting == "on"))
            if setting == "on" { #expect(answer["wallet_address"]?.string == BedrockEvents.wallet && answer["data"]?["a"] == 1) }
            #expect(await agent.lambda.stop() == .exit(code: 0))
        }
        await place.loop.shutdown()
    }

    @Test("on managed instances many users' conversations are under way at once, and none hears another's wallet")
    func concurrent() async throws {
        let redis = try RedisServer()
        let place = try await Place(redis: redis)
        let lambda = try LambdaProcess(place.environment.merging(["AWS_LAMBDA_MAX_CONCURRENCY": "8"]) { $1 })
        let users = (0..<24).map { "user-\($0)-\(place.table)" }
        let conversations = users.map { TwoConversations(.functionThenAPI, name: $0).steps }
        var messages = lambda.server.messages.makeAsyncIterator()
        for turn in 0..<conversations[0].count {
            // Every third user gives no wallet.
            let talking = conversations.indices.filter { turn != 1 || $0 % 3 != 0 }
            for user in talking {
                lambda.server.invoke(.init(conversations[user][turn].event.encoded, id: "\(user)"))
            }
            for _ in talking {
                let message = try #require(await messages.next(isolation: #isolation))
                let user = try #require(Int(message.path.split(separator: "/")[1]))
                let reply = try BedrockReply(message.body)
                let knows = user % 3 != 0
                #expect(reply.status == (knows ? conversations[user][turn].status : "needed"), "user \(user), turn \(turn)")
                #expect(reply.wallet == (knows ? conversations[user][turn].wallet : nil))
            }
        }
        #expect(await lambda.stop() == .exit(code: 0))
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
        environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        var agent = Agent(try LambdaProcess(environment))
        let reply = try await agent.ask(BedrockEvents.api("GET"))
        #expect(reply.code == 503 && reply.status == "unavailable" && !reply.message.contains("127.0.0.1"))
        let malformed = try await agent.ask(["nothing": "of use"])
        #expect(malformed.status == "malformed_event")
        #expect(await agent.lambda.stop() == .exit(code: 0))
        let lines = try await agent.lambda.process.restOfOutput().split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(lines.contains { $0["requestId"] == "request-1" } && lines.allSatisfy { $0["level"] != nil && $0["timestamp"] != nil })
        await place.loop.shutdown()
    }
}
