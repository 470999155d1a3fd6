import JSON
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Adapter

@Suite("Direct test events", .timeLimit(.minutes(1)))
struct DirectEventTests {
    private let clock = ManualClock(now: Timestamp(seconds: 1_800_000_000))
    private let store: MemoryStore

    init() {
        self.store = MemoryStore(clock: self.clock)
    }

    private func send(_ event: JSONValue, _ change: (inout AdapterConfiguration) -> Void = { _ in }) async throws -> JSONValue {
        var configuration = AdapterConfiguration()
        change(&configuration)
        let adapter = BedrockAdapter(store: self.store, configuration: configuration, clock: self.clock)
        return try JSONValue(parsing: await adapter.respond(to: event.encoded, timeLeft: .seconds(3)))
    }

    @Test("a session id alone is answered with what is stored: nothing, and nothing is begun")
    func lookup() async throws {
        #expect(
            try await self.send(["session_id": "s-1"]) == [
                "session_id": "s-1", "found": false, "user_id": nil, "wallet_address": nil, "data": [:], "expiration": nil, "version": nil,
            ])
        #expect(self.store.count == 0)
    }

    @Test("the log names session and user by what only whoever has a key can compute, whether it went well or not; never by their ids")
    func log() async throws {
        let lines = Observed<[String]>([])
        let logger = Logger(label: "test") { _ in LineLog(lines: lines) }
        let names = LogNames(session: { _ in "11111111" }, user: { _ in "22222222" })
        let adapter = BedrockAdapter(store: self.store, clock: self.clock, names: names, logger: logger)
        for user in ["ada", "bob"] {
            let event: JSONValue = ["session_id": "session-1", "user_id": .string(user), "data": ["a": 1]]
            _ = await adapter.respond(to: event.encoded, timeLeft: .seconds(3))
        }
        #expect(lines.value.count == 2, "\(lines.value)")
        #expect(lines.value.first?.hasPrefix("direct event answered") == true)
        #expect(lines.value.last?.hasPrefix("direct event failed") == true && lines.value.last?.contains("notOwner") == true)
        for line in lines.value {
            #expect(line.contains("11111111") && line.contains("22222222"))
            #expect(!line.contains("session-1") && !line.contains("ada") && !line.contains("bob"))
        }
    }

    @Test("what it gives is stored: the wallet checked, for the user beyond the session, the rest as it is")
    func stores() async throws {
        let data: JSONValue = [
            "collection": "apes", "count": .number("12345678901234567890.5"), "tags": ["a", true, nil], "more": ["x": 1],
        ]
        let answer = try await self.send([
            "session_id": "s-1", "user_id": "ada", "wallet_address": .string(BedrockEvents.wallet.lowercased()), "data": data,
        ])
        #expect(answer["found"] == true && answer["user_id"] == "ada" && answer["wallet_address"]?.string == BedrockEvents.wallet)
        #expect(answer["expiration"] == .number("1802592000"))
        for name in ["collection", "count", "tags", "more"] { #expect(answer["data"]?[name] == data[name], "\(name)") }
        #expect(try await self.send(["session_id": "s-1", "user_id": "ada"])["data"] == answer["data"])
        let next = try await self.send(["session_id": "s-2", "user_id": "ada"])
        #expect(next["wallet_address"]?.string == BedrockEvents.wallet && next["found"] == false)
        // A person's own word needs no confirmation.
        let changed = try await self.send([
            "session_id": "s-1", "user_id": "ada", "data": ["wallet_address": .string(BedrockEvents.otherWallet)],
        ])
        #expect(changed["wallet_address"]?.string == BedrockEvents.otherWallet)
        #expect(changed["data"]?["previous_wallet_address"]?.string == BedrockEvents.wallet)
    }

    @Test("an owned session answers nobody else, and takes nothing from them", arguments: ["eve", nil] as [JSONValue])
    func ownership(user: JSONValue) async throws {
        _ = try await self.send(["session_id": "s-1", "user_id": "ada", "data": ["a": 1]])
        for extra in [[:], ["wallet_address": .string(BedrockEvents.wallet)], ["data": ["a": 2]]] as [JSONValue] {
            var event: JSONValue = .object([.init("session_id", "s-1"), .init("user_id", user)])
            for member in extra.members ?? [] { event[member.name] = member.value }
            let answer = try await self.send(event)
            #expect(answer["error"] == "notOwner" && answer["data"] == nil && answer["message"]?.string?.isEmpty == false)
        }
        #expect(try await self.send(["session_id": "s-1", "user_id": "ada"])["data"] == ["a": 1])
    }

    @Test("what is wrong is answered with an error that does not repeat it, and nothing is stored")
    func refusals() async throws {
        let long = JSONValue.string(String(repeating: "secret", count: 70_000))
        let wrong: [(JSONValue, String)] = [
            (["session_id": ""], "invalidSessionID"), (["session_id": 7], "invalidValue"), (["session_id": nil], "invalidSessionID"),
            (["session_id": "user#ada"], "invalidSessionID"), (["session_id": "s-1", "user_id": "secret#"], "invalidUserID"),
            (["session_id": "s-1", "user_id": ["secret"]], "invalidValue"),
            (["session_id": "s-1", "wallet_address": "0xsecret"], "invalidWallet"),
            (["session_id": "s-1", "wallet_address": 5], "invalidValue"), (["session_id": "s-1", "data": "secret"], "invalidValue"),
            (["session_id": "s-1", "data": ["secret": long]], "tooLarge"),
            (["session_id": "s-1", "data": ["n": .number(String(repeating: "1", count: 40))]], "invalidValue"),
            (["session_id": "s-1", "data": ["wallet_pending": ["wallet": "secret"]]], "invalidValue"),
            (["session_id": "s-1", "data": ["wallet_updated_at": 5]], "invalidValue"),
            (["session_id": "s-1", "data": ["wallet_address": [:]]], "invalidValue"),
            (
                [
                    "session_id": "s-1", "wallet_address": .string(BedrockEvents.wallet),
                    "data": ["wallet_address": "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"],
                ],
                "invalidValue"
            ),
        ]
        for (event, code) in wrong {
            let answer = try await self.send(event)
            #expect(answer["error"]?.string == code && answer["message"]?.string?.contains("secret") == false)
        }
        #expect(self.store.count == 0)
    }

    @Test("switched off, every one is refused, and events of action groups are not")
    func off() async throws {
        let answer = try await self.send(["session_id": "s-1", "data": ["a": 1]]) { $0.acceptsDirectEvents = false }
        #expect(answer["error"] == "directEventsOff" && self.store.count == 0)
        let action = try await self.send(BedrockEvents.function("recallWallet")) { $0.acceptsDirectEvents = false }
        #expect(action["messageVersion"] == "1.0")
    }

    @Test(
        "an event of an action group is none, whatever it holds beside",
        arguments: ["messageVersion", "actionGroup", "function", "apiPath", "sessionId"])
    func actionEvents(name: String) async throws {
        let event: JSONValue = .object([.init("session_id", "s-1"), .init(name, "1.0"), .init("data", ["a": 1])])
        #expect(try await self.send(event)["messageVersion"] == "1.0")
        #expect(self.store.count == 0)
    }

    @Test("a pending change stays between the user and the agent")
    func pending() async throws {
        let adapter = BedrockAdapter(store: self.store, clock: self.clock)
        let event = BedrockEvents.function("rememberWallet", wallet: BedrockEvents.wallet, session: "s-1", words: "hello")
        #expect(try await adapter.reply(to: event).status == "confirmation_needed")
        #expect(try await self.send(["session_id": "s-1"])["data"] == [:])
    }

    @Test("every type that an item can hold is shown as JSON")
    func types() async throws {
        try await self.store.update(
            .session(SessionID("s-1")),
            set: [
                "binary": .binary([0, 1, 2, 254, 255]), "one": .binary([7]), "texts": .stringSet(["b", "a"]), "numbers": .numberSet(["1"]),
                "binaries": .binarySet([[1, 2]]), "odd": .number("+5"),
            ])
        #expect(
            try await self.send(["session_id": "s-1"])["data"] == [
                "binaries": ["$binarySet": ["AQI="]], "binary": ["$binary": "AAEC/v8="], "numbers": ["$numberSet": ["1"]], "odd": "+5",
                "one": ["$binary": "Bw=="], "texts": ["$stringSet": ["a", "b"]],
            ])
    }

    @Test(
        "an outage is an error, not an empty session", arguments: [SessionStoreError.Code.unavailable, .malformedItem, .deadlineExceeded])
    func outage(code: SessionStoreError.Code) async throws {
        let failing = FailingStore()
        failing.fail(reads: SessionStoreError(code, "the table does not answer", underlying: "secret"))
        let event: JSONValue = ["session_id": "s-1", "user_id": "ada"]
        let answer = try JSONValue(parsing: await BedrockAdapter(store: failing).respond(to: event.encoded))
        #expect(answer["error"]?.string == code.label && answer["found"] == nil && answer["message"]?.string?.contains("secret") == false)
    }
}
